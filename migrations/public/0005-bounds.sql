-- As the private database's migration of the same name: no process stops another by what it writes.

CREATE DOMAIN moment AS timestamptz CHECK (VALUE BETWEEN '2000-01-01T00:00Z' AND '2200-01-01T00:00Z');
CREATE DOMAIN row_id AS text CHECK (VALUE ~ '^[0-9A-Za-z-]{1,64}$');
CREATE DOMAIN list_names AS text[] CHECK (
  cardinality(VALUE) = 0 OR array_ndims(VALUE) = 1 AND cardinality(VALUE) <= 64
  AND array_to_string(VALUE, ',', '?') ~ '^[a-z0-9][a-z0-9-]{0,63}(,[a-z0-9][a-z0-9-]{0,63})*$'
);

ALTER TABLE inbox
  ALTER COLUMN id TYPE row_id,
  ALTER COLUMN received_at TYPE moment,
  ALTER COLUMN lists TYPE list_names;
ALTER TABLE heartbeats ALTER COLUMN clock TYPE moment;

CREATE DOMAIN process_note AS text CHECK (VALUE IN ('', 'frozen'));
ALTER TABLE heartbeats ADD COLUMN note process_note NOT NULL DEFAULT '';
GRANT INSERT (note), UPDATE (note) ON heartbeats TO :"public_keeper", :"public_site";
GRANT SELECT (note) ON heartbeats TO :"sender";
