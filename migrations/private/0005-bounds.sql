-- What one process writes and another reads has a form that the reader can read: an instant without end, a name with a
-- line break, or a list that is none would stop the keyholder over and over, by the hand of a process that was taken over.

CREATE DOMAIN moment AS timestamptz CHECK (VALUE BETWEEN '2000-01-01T00:00Z' AND '2200-01-01T00:00Z');
CREATE DOMAIN row_id AS text CHECK (VALUE ~ '^[0-9A-Za-z-]{1,64}$');
CREATE DOMAIN short_word AS text CHECK (VALUE ~ '^[0-9A-Za-z-]{0,64}$');
CREATE DOMAIN reply_code AS integer CHECK (VALUE BETWEEN 0 AND 999);
CREATE DOMAIN list_names AS text[] CHECK (
  array_ndims(VALUE) = 1 AND cardinality(VALUE) <= 64
  AND array_to_string(VALUE, ',', '?') ~ '^[a-z0-9][a-z0-9-]{0,63}(,[a-z0-9][a-z0-9-]{0,63})*$'
);

ALTER TABLE inbox
  ALTER COLUMN id TYPE row_id,
  ALTER COLUMN received_at TYPE moment,
  ALTER COLUMN judge_by TYPE moment,
  ALTER COLUMN lists TYPE list_names;
ALTER TABLE outbox
  ALTER COLUMN next_at TYPE moment,
  ALTER COLUMN settled_at TYPE moment;
ALTER TABLE deliveries
  ALTER COLUMN outbox_id TYPE row_id,
  ALTER COLUMN at TYPE moment,
  ALTER COLUMN code TYPE reply_code,
  ALTER COLUMN reason TYPE short_word,
  ALTER COLUMN next_at TYPE moment;
ALTER TABLE requests ALTER COLUMN id TYPE row_id;
ALTER TABLE heartbeats ALTER COLUMN clock TYPE moment;

-- A restored database that waits for its confirmation takes mail in and sends nothing: somebody must hear of it.
CREATE DOMAIN process_note AS text CHECK (VALUE IN ('', 'frozen'));
ALTER TABLE heartbeats ADD COLUMN note process_note NOT NULL DEFAULT '';
GRANT INSERT (note), UPDATE (note) ON heartbeats TO :"intake", :"keyholder", :"sender";
GRANT SELECT (note) ON heartbeats TO :"sender";
