-- Moderation of the public lists: what waits is looked at by the operator, who decides in signed requests (P7). What was
-- decided stays; nothing here is changed or deleted but a request's outcome, once.

CREATE DOMAIN request_state AS text CHECK (VALUE IN ('waiting', 'done', 'refused'));
CREATE DOMAIN moderation_verdict AS text CHECK (VALUE IN ('passed', 'refused'));

-- Signed, not sealed: `statement` is JSON, `signature` is Ed25519 by the operator key.
CREATE TABLE requests (
  id row_id PRIMARY KEY,
  created_at moment NOT NULL DEFAULT now(),
  statement text NOT NULL CHECK (length(statement) <= 4000),
  signature bytea NOT NULL CHECK (length(signature) = 64),
  state request_state NOT NULL DEFAULT 'waiting',
  answer text CHECK (length(answer) <= 4000)
);
CREATE INDEX requests_waiting ON requests (created_at, id) WHERE state = 'waiting';

CREATE TABLE moderation_decisions (
  mail row_id PRIMARY KEY REFERENCES inbox,
  request row_id NOT NULL UNIQUE REFERENCES requests,
  verdict moderation_verdict NOT NULL,
  decided_by short_text NOT NULL,
  decided_at moment NOT NULL,
  reason text NOT NULL CHECK (length(reason) <= 1000)
);

-- Whose vouched mail needs no moderator any more: an address of theirs, in lower case, for each list.
CREATE TABLE known_authors (
  list short_text NOT NULL,
  address short_text NOT NULL,
  since moment NOT NULL,
  mail row_id NOT NULL REFERENCES inbox,
  PRIMARY KEY (list, address)
);

-- How often public-keeper began with a mail or a request, in commits of their own: what ends it each time is given up.
CREATE TABLE attempts (
  subject row_id PRIMARY KEY,
  attempts integer NOT NULL
);

CREATE INDEX inbox_held ON inbox (received_at, id) WHERE state = 'held';

ALTER TABLE requests ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE moderation_decisions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE known_authors ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE attempts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- public-keeper carries out, and writes down what it did.
DROP POLICY public_keeper_settles ON inbox;
CREATE POLICY public_keeper_settles ON inbox FOR UPDATE TO :"public_keeper"
  USING (state IN ('waiting', 'held')) WITH CHECK (state <> 'waiting');
GRANT SELECT, UPDATE (state, answer) ON requests TO :"public_keeper";
CREATE POLICY public_keeper_reads ON requests FOR SELECT TO :"public_keeper" USING (true);
CREATE POLICY public_keeper_answers ON requests FOR UPDATE TO :"public_keeper"
  USING (state = 'waiting') WITH CHECK (state <> 'waiting');
GRANT SELECT, INSERT ON moderation_decisions, known_authors TO :"public_keeper";
CREATE POLICY public_keeper_keeps ON moderation_decisions TO :"public_keeper" USING (true) WITH CHECK (true);
CREATE POLICY public_keeper_keeps ON known_authors TO :"public_keeper" USING (true) WITH CHECK (true);

GRANT SELECT, INSERT, UPDATE (attempts), DELETE ON attempts TO :"public_keeper";
CREATE POLICY public_keeper_keeps ON attempts TO :"public_keeper" USING (true) WITH CHECK (true);

-- The operator looks at mail to public lists and at nothing of the keyholder's, and asks. It had no way in before.
GRANT USAGE ON SCHEMA public TO :"operator";
GRANT SELECT ON schema_version TO :"operator";
GRANT SELECT (id, received_at, kind, lists, raw, state, held_for) ON inbox TO :"operator";
CREATE POLICY operator_reads ON inbox FOR SELECT TO :"operator" USING (kind = 'mail');
GRANT INSERT (id, statement, signature), SELECT (id, created_at, state, answer) ON requests TO :"operator";
CREATE POLICY operator_reads ON requests FOR SELECT TO :"operator" USING (true);
CREATE POLICY operator_asks ON requests FOR INSERT TO :"operator" WITH CHECK (state = 'waiting' AND answer IS NULL);
GRANT SELECT ON moderation_decisions TO :"operator";
CREATE POLICY operator_reads ON moderation_decisions FOR SELECT TO :"operator" USING (true);
