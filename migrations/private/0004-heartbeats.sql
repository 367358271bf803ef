-- Every process that works here says every few seconds that it does (docs/operation.md). A row tells which program, on
-- which machine, of which version, and when; nothing of any mail or case.

CREATE DOMAIN process_name AS text CHECK (VALUE IN ('intake', 'keyholder', 'sender'));
-- Strict forms: sender shows them as labels of its figures, and another process chose them.
CREATE DOMAIN machine_name AS text CHECK (VALUE ~ '^[a-z0-9-]{1,63}$');
CREATE DOMAIN program_version AS text CHECK (VALUE ~ '^[0-9A-Za-z.+-]{1,40}$');

CREATE TABLE heartbeats (
  process process_name NOT NULL,
  instance machine_name NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  clock timestamptz NOT NULL,
  version program_version NOT NULL,
  PRIMARY KEY (process, instance)
);
ALTER TABLE heartbeats ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- Not all columns to read back: with them would come `xmin`, which counts the cluster's transactions.
GRANT SELECT (process, instance), INSERT (process, instance, clock, version), UPDATE (at, clock, version) ON heartbeats
  TO :"intake", :"keyholder", :"sender";
CREATE POLICY intake_beats ON heartbeats TO :"intake" USING (process = 'intake') WITH CHECK (process = 'intake');
CREATE POLICY keyholder_beats ON heartbeats TO :"keyholder" USING (process = 'keyholder') WITH CHECK (process = 'keyholder');
CREATE POLICY sender_beats ON heartbeats TO :"sender" USING (process = 'sender') WITH CHECK (process = 'sender');

-- sender reports what the others say of themselves.
GRANT SELECT (at, clock, version) ON heartbeats TO :"sender";
CREATE POLICY sender_reads ON heartbeats FOR SELECT TO :"sender" USING (true);

-- Sender counts what has not left, at each question of a monitoring system.
CREATE INDEX outbox_not_left ON outbox (state, created_at) WHERE state NOT IN ('sent', 'cancelled');

-- A copy that the operator has stopped, until it is released. Only the keyholder sets this state and takes it away:
-- sender may change queued and deferred rows alone.
ALTER DOMAIN outbox_state DROP CONSTRAINT outbox_state_check;
ALTER DOMAIN outbox_state ADD CHECK
  (VALUE IN ('queued', 'deferred', 'sent', 'failed', 'parked', 'uncertain', 'held', 'cancelled', 'stopped'));
