-- Who may touch what in the private database (P2). Narrow on purpose; test/attacks/database-rights.test.ts holds the
-- same matrix in words and compares it with the catalogue.
-- FORCE: row security binds the owner too, so that a view or function of the owner's opens nothing by itself.

ALTER TABLE inbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE inbox_attempts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE journal_head ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE journal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE details ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE cases ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE bodies ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE body_tails ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE home_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE permits ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE deliveries ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE readers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE doors ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE obligations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE requests ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- intake: puts mail in, cannot read it back, and cannot pass it off as judged.
GRANT INSERT (id, received_at, lists, epoch, size_class, sealed, judge_by) ON inbox TO :"intake";
GRANT SELECT ON doors TO :"intake";
CREATE POLICY intake_inserts ON inbox FOR INSERT TO :"intake"
  WITH CHECK (state = 'waiting' AND owner = 'keyholder');
CREATE POLICY intake_reads ON doors FOR SELECT TO :"intake" USING (true);

-- keyholder: judges, journals, fills the outbox. The journal only grows: nobody may update or delete there.
GRANT SELECT, UPDATE (state, owner, judge_by) ON inbox TO :"keyholder";
GRANT SELECT, INSERT, UPDATE (attempts) ON inbox_attempts TO :"keyholder";
GRANT SELECT, UPDATE (generation, size, head) ON journal_head TO :"keyholder";
GRANT SELECT, INSERT ON journal, details, bodies, body_tails, home_keys, permits TO :"keyholder";
GRANT SELECT, INSERT, UPDATE (state) ON cases TO :"keyholder";
GRANT SELECT, INSERT ON outbox TO :"keyholder";
GRANT UPDATE (recipient, return_path, state, permit_id, key_ids, head, alignment, checksum, template, parameters,
  next_at, settled_at, acknowledged_at) ON outbox TO :"keyholder";
GRANT SELECT ON deliveries TO :"keyholder";
GRANT SELECT, INSERT, UPDATE (address, standing, encryption_key_ids, signature) ON readers TO :"keyholder";
GRANT SELECT, INSERT, UPDATE (kind, storage_certificate, epoch, signature) ON doors TO :"keyholder";
GRANT SELECT, INSERT, UPDATE (settled_at, ending) ON obligations TO :"keyholder";
GRANT SELECT, UPDATE (state, answer) ON requests TO :"keyholder";

CREATE POLICY keyholder_reads ON inbox FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_judges ON inbox FOR UPDATE TO :"keyholder" USING (true) WITH CHECK (true);
CREATE POLICY keyholder_reads ON inbox_attempts FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_inserts ON inbox_attempts FOR INSERT TO :"keyholder" WITH CHECK (true);
CREATE POLICY keyholder_counts ON inbox_attempts FOR UPDATE TO :"keyholder" USING (true) WITH CHECK (true);
CREATE POLICY keyholder_reads ON journal_head FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_moves ON journal_head FOR UPDATE TO :"keyholder" USING (true) WITH CHECK (true);
CREATE POLICY keyholder_reads ON journal FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_appends ON journal FOR INSERT TO :"keyholder" WITH CHECK (true);
CREATE POLICY keyholder_reads ON details FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_appends ON details FOR INSERT TO :"keyholder" WITH CHECK (true);
CREATE POLICY keyholder_reads ON cases FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_opens ON cases FOR INSERT TO :"keyholder" WITH CHECK (true);
CREATE POLICY keyholder_moves ON cases FOR UPDATE TO :"keyholder" USING (true) WITH CHECK (true);
CREATE POLICY keyholder_reads ON bodies FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_inserts ON bodies FOR INSERT TO :"keyholder" WITH CHECK (true);
CREATE POLICY keyholder_reads ON body_tails FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_inserts ON body_tails FOR INSERT TO :"keyholder" WITH CHECK (true);
CREATE POLICY keyholder_reads ON home_keys FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_inserts ON home_keys FOR INSERT TO :"keyholder" WITH CHECK (true);
CREATE POLICY keyholder_reads ON permits FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_inserts ON permits FOR INSERT TO :"keyholder" WITH CHECK (true);
CREATE POLICY keyholder_reads ON outbox FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_inserts ON outbox FOR INSERT TO :"keyholder" WITH CHECK (state <> 'sent');
-- What was sent stays sent: no right turns it into something that leaves again.
CREATE POLICY keyholder_changes ON outbox FOR UPDATE TO :"keyholder"
  USING (state <> 'sent') WITH CHECK (state <> 'sent');
CREATE POLICY keyholder_reads ON deliveries FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_reads ON readers FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_inserts ON readers FOR INSERT TO :"keyholder" WITH CHECK (true);
CREATE POLICY keyholder_changes ON readers FOR UPDATE TO :"keyholder" USING (true) WITH CHECK (true);
CREATE POLICY keyholder_reads ON doors FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_inserts ON doors FOR INSERT TO :"keyholder" WITH CHECK (true);
CREATE POLICY keyholder_changes ON doors FOR UPDATE TO :"keyholder" USING (true) WITH CHECK (true);
CREATE POLICY keyholder_reads ON obligations FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_opens ON obligations FOR INSERT TO :"keyholder" WITH CHECK (true);
-- A settled obligation is history: its ending is written once.
CREATE POLICY keyholder_settles ON obligations FOR UPDATE TO :"keyholder"
  USING (settled_at IS NULL) WITH CHECK (settled_at IS NOT NULL);
CREATE POLICY keyholder_reads ON requests FOR SELECT TO :"keyholder" USING (true);
CREATE POLICY keyholder_answers ON requests FOR UPDATE TO :"keyholder"
  USING (state = 'waiting') WITH CHECK (state <> 'waiting');

-- sender: delivers what is queued, records what happened, and revives nothing.
GRANT SELECT (id, list, case_number, recipient, return_path, state, permit_id, kind, body_id, reader_id, key_ids, head,
  alignment, checksum, template, parameters, message_id, sealed, attempts, created_at, next_at, settled_at) ON outbox
  TO :"sender";
GRANT UPDATE (state, attempts, next_at, settled_at) ON outbox TO :"sender";
GRANT SELECT, INSERT (outbox_id, at, kind, code, reason, next_at) ON deliveries TO :"sender";
GRANT SELECT (id, envelope_head, envelope_end) ON bodies TO :"sender";
GRANT SELECT ON body_tails, permits, readers TO :"sender";
CREATE POLICY sender_reads ON outbox FOR SELECT TO :"sender" USING (true);
CREATE POLICY sender_settles ON outbox FOR UPDATE TO :"sender"
  USING (state IN ('queued', 'deferred'))
  WITH CHECK (state IN ('queued', 'deferred', 'sent', 'failed', 'held', 'cancelled'));
CREATE POLICY sender_reads ON deliveries FOR SELECT TO :"sender" USING (true);
CREATE POLICY sender_records ON deliveries FOR INSERT TO :"sender" WITH CHECK (true);
CREATE POLICY sender_reads ON bodies FOR SELECT TO :"sender" USING (true);
CREATE POLICY sender_reads ON body_tails FOR SELECT TO :"sender" USING (true);
CREATE POLICY sender_reads ON permits FOR SELECT TO :"sender" USING (true);
CREATE POLICY sender_reads ON readers FOR SELECT TO :"sender" USING (true);

-- operator: sees clear columns, asks in signed requests, reads the sealed answers (P7). No ciphertext of mail.
GRANT SELECT (id, received_at, lists, size_class, state, owner, judge_by) ON inbox TO :"operator";
GRANT SELECT ON inbox_attempts, journal_head, journal, cases, deliveries, obligations TO :"operator";
GRANT SELECT (id, list, case_number, recipient, state, kind, template, reader_id, attempts, created_at, next_at,
  settled_at) ON outbox TO :"operator";
GRANT INSERT (id, sealed), SELECT (id, created_at, state, answer) ON requests TO :"operator";
CREATE POLICY operator_reads ON inbox FOR SELECT TO :"operator" USING (true);
CREATE POLICY operator_reads ON inbox_attempts FOR SELECT TO :"operator" USING (true);
CREATE POLICY operator_reads ON journal_head FOR SELECT TO :"operator" USING (true);
CREATE POLICY operator_reads ON journal FOR SELECT TO :"operator" USING (true);
CREATE POLICY operator_reads ON cases FOR SELECT TO :"operator" USING (true);
CREATE POLICY operator_reads ON deliveries FOR SELECT TO :"operator" USING (true);
CREATE POLICY operator_reads ON obligations FOR SELECT TO :"operator" USING (true);
CREATE POLICY operator_reads ON outbox FOR SELECT TO :"operator" USING (true);
CREATE POLICY operator_reads ON requests FOR SELECT TO :"operator" USING (true);
CREATE POLICY operator_asks ON requests FOR INSERT TO :"operator" WITH CHECK (state = 'waiting' AND answer IS NULL);
