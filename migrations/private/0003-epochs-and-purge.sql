-- The end of storage months (K6). An epoch that mail rests under cannot go, whoever takes its row away: intake's insert
-- holds the row it names, and fails once it is gone, so that nothing is ever sealed to a key that was destroyed.
-- `standing` is what outlives months and purges: who may read, what was asked and done. A number after the month says
-- how often its keys were replaced.

ALTER DOMAIN epoch DROP CONSTRAINT epoch_check;
ALTER DOMAIN epoch ADD CONSTRAINT epoch_check CHECK (VALUE ~ '^(\d{4}-\d{2}|standing)(\.\d{2})?$');

ALTER DOMAIN case_state DROP CONSTRAINT case_state_check;
ALTER DOMAIN case_state ADD CONSTRAINT case_state_check CHECK (VALUE IN ('open', 'closed', 'purged'));

CREATE TABLE epochs (epoch epoch PRIMARY KEY);
INSERT INTO epochs SELECT epoch FROM inbox UNION SELECT epoch FROM doors;

ALTER TABLE inbox ADD CONSTRAINT inbox_epoch FOREIGN KEY (epoch) REFERENCES epochs;
ALTER TABLE doors ADD CONSTRAINT doors_epoch FOREIGN KEY (epoch) REFERENCES epochs;
-- Only now: what row security hides from the owner, a new foreign key does not find.
ALTER TABLE epochs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE INDEX inbox_of_epoch ON inbox (epoch);
CREATE INDEX details_of_epoch ON details (epoch);
CREATE INDEX home_keys_of_epoch ON home_keys (epoch);
CREATE INDEX bodies_of_case ON bodies (case_number);
CREATE INDEX journal_of_subject ON journal (subject) WHERE subject IS NOT NULL;

-- keyholder: purges, and wraps to new keys what rested under the same as what is purged. The journal itself only grows.
GRANT SELECT, INSERT, UPDATE (epoch), DELETE ON epochs TO :"keyholder";
GRANT UPDATE (epoch, sealed), DELETE ON inbox, details TO :"keyholder";
GRANT UPDATE (epoch, sealed) ON home_keys TO :"keyholder";
GRANT DELETE ON inbox_attempts, bodies, outbox, deliveries, readers, permits TO :"keyholder";

CREATE POLICY keyholder_reads ON epochs FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_inserts ON epochs FOR INSERT TO :"keyholder" WITH CHECK (true);
CREATE POLICY keyholder_holds ON epochs FOR UPDATE TO :"keyholder" USING (true) WITH CHECK (false);
CREATE POLICY keyholder_ends ON epochs FOR DELETE TO :"keyholder" USING (true);
CREATE POLICY keyholder_rewraps ON details FOR UPDATE TO :"keyholder" USING (true) WITH CHECK (true);
CREATE POLICY keyholder_purges ON details FOR DELETE TO :"keyholder" USING (true);
CREATE POLICY keyholder_rewraps ON home_keys FOR UPDATE TO :"keyholder" USING (true) WITH CHECK (true);
CREATE POLICY keyholder_purges ON inbox FOR DELETE TO :"keyholder" USING (state IN ('judged', 'refused'));
CREATE POLICY keyholder_purges ON inbox_attempts FOR DELETE TO :"keyholder" USING (true);
CREATE POLICY keyholder_purges ON bodies FOR DELETE TO :"keyholder" USING (true);
CREATE POLICY keyholder_purges ON outbox FOR DELETE TO :"keyholder" USING (state NOT IN ('queued', 'deferred'));
CREATE POLICY keyholder_purges ON deliveries FOR DELETE TO :"keyholder" USING (true);
CREATE POLICY keyholder_purges ON readers FOR DELETE TO :"keyholder" USING (true);
CREATE POLICY keyholder_purges ON permits FOR DELETE TO :"keyholder" USING (true);
