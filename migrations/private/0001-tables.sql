-- The private database (DESIGN §4 "State"): sealed inbox, journal, sealed details, sealed bodies, outbox, and what is
-- needed around them. Nothing here is private cleartext (K3); docs/schema.md says of every clear column why it may be.
-- Constraints are domains, not table CHECKs: a failed table CHECK writes the whole row into the server's log.

CREATE DOMAIN short_text AS text CHECK (length(VALUE) <= 400);
CREATE DOMAIN epoch AS text CHECK (VALUE ~ '^\d{4}-\d{2}$');
CREATE DOMAIN inbox_state AS text CHECK (VALUE IN ('waiting', 'judged', 'held', 'refused'));
CREATE DOMAIN outbox_state AS text
  CHECK (VALUE IN ('queued', 'deferred', 'sent', 'failed', 'parked', 'uncertain', 'held', 'cancelled'));
CREATE DOMAIN outbox_kind AS text CHECK (VALUE IN ('copy', 'notice', 'permitted'));
CREATE DOMAIN delivery_kind AS text CHECK (VALUE IN ('sent', 'deferred', 'failed', 'held'));
CREATE DOMAIN reader_standing AS text CHECK (VALUE IN ('active', 'suspended', 'removed'));
CREATE DOMAIN case_state AS text CHECK (VALUE IN ('open', 'closed'));
CREATE DOMAIN request_state AS text CHECK (VALUE IN ('waiting', 'done', 'refused'));
CREATE DOMAIN list_kind AS text CHECK (VALUE IN ('private', 'public'));
CREATE DOMAIN alignment AS smallint CHECK (VALUE IN (0, 1, 2));
CREATE DOMAIN digest AS bytea CHECK (octet_length(VALUE) = 32);

-- From its first second a row has an owner and a time (I6): what is not judged by then is late, and seen to be.
CREATE TABLE inbox (
  id short_text PRIMARY KEY,
  received_at timestamptz NOT NULL,
  lists text[] NOT NULL,
  epoch epoch NOT NULL,
  size_class smallint NOT NULL,
  sealed bytea NOT NULL,
  state inbox_state NOT NULL DEFAULT 'waiting',
  owner short_text NOT NULL DEFAULT 'keyholder',
  judge_by timestamptz NOT NULL DEFAULT now() + interval '15 minutes'
);
ALTER TABLE inbox ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX inbox_waiting ON inbox (received_at, id) WHERE state = 'waiting';
CREATE INDEX inbox_held ON inbox (received_at, id) WHERE state = 'held';

-- Written and committed by a second connection while the first holds the row's lock: a mail that kills its reader
-- is counted all the same, and the count is never raised by a keyholder that lost the race for the row.
CREATE TABLE inbox_attempts (
  inbox_id short_text PRIMARY KEY,
  attempts integer NOT NULL
);

-- One row for ever. The seed is generation 1, size 0 and 32 zero bytes.
CREATE TABLE journal_head (
  only_row boolean PRIMARY KEY DEFAULT true,
  generation integer NOT NULL,
  size bigint NOT NULL,
  head digest NOT NULL
);
INSERT INTO journal_head (generation, size, head) VALUES (1, 0, decode(repeat('00', 32), 'hex'));

CREATE TABLE journal (
  sequence bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  kind short_text NOT NULL,
  subject short_text,
  commitment digest NOT NULL,
  head digest NOT NULL
);

-- The sealed payload of an entry, apart so that it can be purged and the journal cannot (T7).
CREATE TABLE details (
  sequence bigint PRIMARY KEY,
  epoch epoch NOT NULL,
  sealed bytea NOT NULL
);

CREATE TABLE cases (
  number short_text PRIMARY KEY,
  list short_text NOT NULL,
  opened_at timestamptz NOT NULL,
  state case_state NOT NULL
);

CREATE TABLE bodies (
  id short_text PRIMARY KEY,
  list short_text NOT NULL,
  case_number short_text,
  message_id text NOT NULL,
  envelope_head bytea NOT NULL,
  envelope_end bytea NOT NULL
);

-- EXTERNAL: ciphertext in base64 gains nothing from a try at compression but the CPU it costs.
CREATE TABLE body_tails (
  body_id short_text NOT NULL REFERENCES bodies ON DELETE CASCADE,
  alignment alignment NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (body_id, alignment)
);
ALTER TABLE body_tails ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Only the keyholder reads these (K4).
CREATE TABLE home_keys (
  body_id short_text PRIMARY KEY REFERENCES bodies ON DELETE CASCADE,
  epoch epoch NOT NULL,
  sealed bytea NOT NULL
);

CREATE TABLE permits (
  id short_text PRIMARY KEY,
  document bytea NOT NULL,
  signature bytea NOT NULL
);

CREATE TABLE outbox (
  id short_text PRIMARY KEY,
  list short_text NOT NULL,
  case_number short_text,
  recipient short_text NOT NULL,
  return_path short_text NOT NULL,
  state outbox_state NOT NULL,
  permit_id short_text NOT NULL,
  kind outbox_kind NOT NULL,
  body_id short_text REFERENCES bodies,
  reader_id short_text,
  key_ids text[],
  head bytea,
  alignment alignment,
  checksum short_text,
  template short_text,
  parameters jsonb,
  message_id text,
  sealed bytea,
  attempts integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  next_at timestamptz NOT NULL,
  settled_at timestamptz,
  acknowledged_at timestamptz
);
ALTER TABLE outbox ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX outbox_due ON outbox (next_at, id) WHERE state IN ('queued', 'deferred');
CREATE INDEX outbox_of_reader ON outbox (reader_id) WHERE state IN ('queued', 'deferred', 'parked');
CREATE INDEX outbox_troubled ON outbox (id) WHERE state IN ('failed', 'held') AND acknowledged_at IS NULL;
CREATE INDEX outbox_of_body ON outbox (body_id);
-- A bounce names its copy by the return path, and servers on the way may have changed its case.
CREATE INDEX outbox_of_return_path ON outbox (lower(return_path)) WHERE return_path <> '';
CREATE INDEX outbox_of_case ON outbox (case_number);

-- One row per attempt, committed by itself as soon as the peer has spoken (I1). No reference to outbox: the check of
-- it would wait for the batch that holds the row.
CREATE TABLE deliveries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  outbox_id short_text NOT NULL,
  at timestamptz NOT NULL,
  kind delivery_kind NOT NULL,
  code integer NOT NULL,
  reason short_text NOT NULL,
  next_at timestamptz
);
CREATE INDEX deliveries_of_row ON deliveries (outbox_id, id);

CREATE TABLE readers (
  id short_text PRIMARY KEY,
  address short_text NOT NULL,
  standing reader_standing NOT NULL,
  encryption_key_ids text[] NOT NULL,
  signature bytea NOT NULL
);

CREATE TABLE doors (
  list short_text PRIMARY KEY,
  kind list_kind NOT NULL,
  storage_certificate bytea NOT NULL,
  epoch epoch NOT NULL,
  signature bytea NOT NULL
);

CREATE TABLE obligations (
  id short_text PRIMARY KEY,
  kind short_text NOT NULL,
  list short_text NOT NULL,
  subject short_text NOT NULL,
  owner short_text NOT NULL,
  opened_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  settled_at timestamptz,
  ending short_text
);
CREATE INDEX obligations_open ON obligations (due_at, id) WHERE settled_at IS NULL;

CREATE TABLE requests (
  id short_text PRIMARY KEY,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  state request_state NOT NULL DEFAULT 'waiting',
  answer bytea
);
CREATE INDEX requests_waiting ON requests (created_at, id) WHERE state = 'waiting';
