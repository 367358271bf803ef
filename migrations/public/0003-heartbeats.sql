-- The public side's processes say every few seconds that they work; sender, which reports it, reads this and nothing
-- else of this database. See the private database's migration of the same name.

CREATE DOMAIN process_name AS text CHECK (VALUE IN ('public-keeper', 'public-site'));
CREATE DOMAIN machine_name AS text CHECK (VALUE ~ '^[a-z0-9-]{1,63}$');
CREATE DOMAIN program_version AS text CHECK (VALUE ~ '^[0-9A-Za-z.+-]{1,40}$');

CREATE TABLE heartbeats (
  process process_name NOT NULL,
  instance machine_name NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  clock timestamptz NOT NULL,
  version program_version NOT NULL,
  PRIMARY KEY (process, instance)
);
ALTER TABLE heartbeats ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

GRANT SELECT (process, instance), INSERT (process, instance, clock, version), UPDATE (at, clock, version) ON heartbeats
  TO :"public_keeper", :"public_site";
CREATE POLICY public_keeper_beats ON heartbeats TO :"public_keeper"
  USING (process = 'public-keeper') WITH CHECK (process = 'public-keeper');
CREATE POLICY public_site_beats ON heartbeats TO :"public_site"
  USING (process = 'public-site') WITH CHECK (process = 'public-site');

-- Where this database was made before, sender has had no way into it.
GRANT USAGE ON SCHEMA public TO :"sender";
GRANT SELECT ON schema_version TO :"sender";
GRANT SELECT (process, instance, at, clock, version) ON heartbeats TO :"sender";
CREATE POLICY sender_reads ON heartbeats FOR SELECT TO :"sender" USING (true);
