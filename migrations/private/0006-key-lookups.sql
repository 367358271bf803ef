-- What key directories (WKD) say of members' certificates. The keyholder makes one row for each representative who may
-- read, and takes it away; sender, which asks, can neither make nor choose one, nor read what it wrote.
-- A row names people who represent members in public, never a reporter or guest: it tells of no case.

CREATE DOMAIN directory_word AS text CHECK (VALUE IN ('found', 'none', 'failed'));
-- The largest answer that is taken: `largestAnswer` in src/adapters/key-directory.
CREATE DOMAIN directory_answer AS bytea CHECK (octet_length(VALUE) <= 262144);

CREATE TABLE key_lookups (
  reader_id short_text PRIMARY KEY,
  address short_text NOT NULL,
  asked_at moment NOT NULL,
  answered_at moment,
  said directory_word,
  certificate directory_answer,
  read_at moment
);
ALTER TABLE key_lookups ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT (reader_id, address, asked_at), UPDATE (read_at), DELETE ON key_lookups TO :"keyholder";
GRANT SELECT (reader_id, address, asked_at), UPDATE (asked_at, answered_at, said, certificate) ON key_lookups TO :"sender";

CREATE POLICY keyholder_reads ON key_lookups FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_makes ON key_lookups FOR INSERT TO :"keyholder" WITH CHECK (true);
CREATE POLICY keyholder_marks ON key_lookups FOR UPDATE TO :"keyholder" USING (true) WITH CHECK (true);
CREATE POLICY keyholder_ends ON key_lookups FOR DELETE TO :"keyholder" USING (true);
CREATE POLICY sender_reads ON key_lookups FOR SELECT TO :"sender" USING (true);
CREATE POLICY sender_answers ON key_lookups FOR UPDATE TO :"sender" USING (true) WITH CHECK (true);
