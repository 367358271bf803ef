-- The archive of the public lists. Raw mail is kept as it came; everything else here is read from it and can be made
-- again. public-keeper writes, public-site reads.

CREATE DOMAIN message_id AS text CHECK (octet_length(VALUE) BETWEEN 3 AND 996 AND VALUE LIKE '<%>');
CREATE DOMAIN cve_id AS text CHECK (VALUE ~ '^CVE-[0-9]{4}-[0-9]{4,19}$');

-- A row for each list that has an archive: what pages of the list are fresh by, and the lock that numbers its postings.
CREATE TABLE archives (
  list short_text PRIMARY KEY,
  postings bigint NOT NULL DEFAULT 0,
  changed_at timestamptz NOT NULL
);

CREATE TABLE threads (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  list short_text NOT NULL,
  subject text NOT NULL CHECK (length(subject) <= 2000),
  started_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  postings integer NOT NULL
);
CREATE INDEX threads_by_last ON threads (list, last_at DESC, number DESC);
CREATE INDEX threads_by_start ON threads (list, started_at, number);

CREATE TABLE postings (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  list short_text NOT NULL,
  message_id message_id NOT NULL,
  -- SHA-256 of what its author wrote: tells the same posting again from another under its Message-ID.
  digest bytea NOT NULL CHECK (length(digest) = 32),
  posted_at timestamptz NOT NULL,
  -- The short address: /LIST/YYYY/MM/DD/N. Never given twice, never changed.
  day date NOT NULL,
  day_number integer NOT NULL CHECK (day_number > 0),
  thread bigint NOT NULL REFERENCES threads DEFERRABLE INITIALLY DEFERRED,
  subject text NOT NULL CHECK (length(subject) <= 2000),
  author_name text CHECK (length(author_name) <= 1000),
  author_address text CHECK (length(author_address) <= 400),
  answers text[] NOT NULL,
  size integer NOT NULL,
  has_patch boolean NOT NULL,
  UNIQUE (list, message_id),
  UNIQUE (list, day, day_number)
);
CREATE INDEX postings_by_time ON postings (list, posted_at DESC, number DESC);
CREATE INDEX postings_by_thread ON postings (thread, posted_at, number);
CREATE INDEX postings_by_author ON postings (list, author_address, posted_at DESC);

CREATE TABLE posting_raws (
  number bigint PRIMARY KEY REFERENCES postings,
  raw bytea NOT NULL
);

-- What a page shows (JSON of ours) and a search finds: words with their places, and marks such as 'cve:2021-3760'.
-- `posted_at` once more, and what is long out of line: a search reads a thousand rows to find the newest fifty of them.
CREATE TABLE posting_texts (
  number bigint PRIMARY KEY REFERENCES postings,
  posted_at timestamptz NOT NULL,
  parts text NOT NULL,
  words tsvector NOT NULL
) WITH (toast_tuple_target = 128);
CREATE INDEX posting_words ON posting_texts USING gin (words) WITH (gin_pending_list_limit = 256);

-- Every Message-ID that a list has seen or heard of, and the thread that it belongs to.
CREATE TABLE thread_ids (
  list short_text NOT NULL,
  message_id message_id NOT NULL,
  thread bigint NOT NULL REFERENCES threads DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (list, message_id)
);
CREATE INDEX thread_ids_by_thread ON thread_ids (thread);

CREATE TABLE archive_months (
  list short_text NOT NULL,
  month date NOT NULL,
  postings integer NOT NULL,
  PRIMARY KEY (list, month)
);

CREATE TABLE cve_mentions (
  cve_id cve_id NOT NULL,
  posted_at timestamptz NOT NULL,
  number bigint NOT NULL REFERENCES postings,
  PRIMARY KEY (cve_id, posted_at, number)
);

ALTER TABLE archives ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE threads ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE postings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE posting_raws ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE posting_texts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE thread_ids ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE archive_months ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE cve_mentions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

GRANT SELECT ON archives, threads, postings, posting_raws, posting_texts, archive_months, cve_mentions TO :"public_site";
CREATE POLICY public_site_reads ON archives FOR SELECT TO :"public_site" USING (true);
CREATE POLICY public_site_reads ON threads FOR SELECT TO :"public_site" USING (true);
CREATE POLICY public_site_reads ON postings FOR SELECT TO :"public_site" USING (true);
CREATE POLICY public_site_reads ON posting_raws FOR SELECT TO :"public_site" USING (true);
CREATE POLICY public_site_reads ON posting_texts FOR SELECT TO :"public_site" USING (true);
CREATE POLICY public_site_reads ON archive_months FOR SELECT TO :"public_site" USING (true);
CREATE POLICY public_site_reads ON cve_mentions FOR SELECT TO :"public_site" USING (true);

-- No posting is changed or deleted: only the thread that it counts to.
GRANT SELECT, INSERT, UPDATE (postings, changed_at) ON archives TO :"public_keeper";
GRANT SELECT, INSERT, UPDATE (subject, started_at, last_at, postings), DELETE ON threads TO :"public_keeper";
GRANT SELECT, INSERT, UPDATE (thread) ON postings TO :"public_keeper";
GRANT SELECT, INSERT ON posting_raws, posting_texts, cve_mentions TO :"public_keeper";
GRANT SELECT, INSERT, UPDATE (thread) ON thread_ids TO :"public_keeper";
GRANT SELECT, INSERT, UPDATE (postings) ON archive_months TO :"public_keeper";
CREATE POLICY public_keeper_keeps ON archives TO :"public_keeper" USING (true) WITH CHECK (true);
CREATE POLICY public_keeper_keeps ON threads TO :"public_keeper" USING (true) WITH CHECK (true);
CREATE POLICY public_keeper_keeps ON postings TO :"public_keeper" USING (true) WITH CHECK (true);
CREATE POLICY public_keeper_keeps ON posting_raws TO :"public_keeper" USING (true) WITH CHECK (true);
CREATE POLICY public_keeper_keeps ON posting_texts TO :"public_keeper" USING (true) WITH CHECK (true);
CREATE POLICY public_keeper_keeps ON thread_ids TO :"public_keeper" USING (true) WITH CHECK (true);
CREATE POLICY public_keeper_keeps ON archive_months TO :"public_keeper" USING (true) WITH CHECK (true);
CREATE POLICY public_keeper_keeps ON cve_mentions TO :"public_keeper" USING (true) WITH CHECK (true);
