-- Who may touch what in the public database (P2); test/attacks/database-rights.test.ts compares it with the catalogue.

ALTER TABLE inbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE lists ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

GRANT INSERT (id, received_at, kind, lists, envelope, raw) ON inbox TO :"intake", :"keyholder";
CREATE POLICY intake_inserts ON inbox FOR INSERT TO :"intake" WITH CHECK (kind = 'mail' AND state = 'waiting');
CREATE POLICY keyholder_inserts ON inbox FOR INSERT TO :"keyholder" WITH CHECK (kind = 'record' AND state = 'waiting');

GRANT SELECT ON lists TO :"keyholder", :"public_site";
CREATE POLICY keyholder_reads ON lists FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY public_site_reads ON lists FOR SELECT TO :"public_site" USING (true);

GRANT SELECT, UPDATE (state) ON inbox TO :"public_keeper";
GRANT SELECT, INSERT, UPDATE, DELETE ON lists TO :"public_keeper";
CREATE POLICY public_keeper_reads ON inbox FOR SELECT TO :"public_keeper" USING (true);
CREATE POLICY public_keeper_settles ON inbox FOR UPDATE TO :"public_keeper"
  USING (state = 'waiting') WITH CHECK (state <> 'waiting');
CREATE POLICY public_keeper_keeps ON lists FOR ALL TO :"public_keeper" USING (true) WITH CHECK (true);
