-- The public database: what faces strangers may see. Nothing here comes from the private one but finished records that
-- the keyholder hands over (P4). Later issues bring archive, subscribers and applications.

CREATE DOMAIN short_text AS text CHECK (length(VALUE) <= 400);
CREATE DOMAIN item_kind AS text CHECK (VALUE IN ('mail', 'record'));
-- 'held': a posting that waits for a moderator.
CREATE DOMAIN item_state AS text CHECK (VALUE IN ('waiting', 'held', 'done', 'refused'));
CREATE DOMAIN list_kind AS text CHECK (VALUE IN ('private', 'public'));

-- 'mail' came through intake, 'record' is the keyholder's; row security keeps either from posing as the other.
CREATE TABLE inbox (
  id short_text PRIMARY KEY,
  received_at timestamptz NOT NULL,
  kind item_kind NOT NULL,
  lists text[] NOT NULL,
  envelope text NOT NULL,
  raw bytea NOT NULL,
  state item_state NOT NULL DEFAULT 'waiting'
);
ALTER TABLE inbox ALTER COLUMN raw SET STORAGE EXTERNAL;
CREATE INDEX inbox_waiting ON inbox (received_at, id) WHERE state = 'waiting';

-- The directory: which lists there are, and the key to write to each.
CREATE TABLE lists (
  name short_text PRIMARY KEY,
  kind list_kind NOT NULL,
  address short_text NOT NULL,
  title short_text NOT NULL,
  certificate text,
  since timestamptz NOT NULL
);
