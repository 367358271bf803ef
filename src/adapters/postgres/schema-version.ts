import type { Migration } from './migrations.ts';
import { rolesOf, type Which } from './names.ts';

/** Where each applied migration is noted; `max(version)` is the schema's version, and the lock of the runner is on it. */
export function schemaVersionSql(which: Which): string {
  return `
CREATE TABLE IF NOT EXISTS schema_version (
  version integer PRIMARY KEY,
  name text NOT NULL,
  digest text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE schema_version ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner_migrates ON schema_version;
CREATE POLICY owner_migrates ON schema_version TO :"owner" USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS everyone_reads ON schema_version;
CREATE POLICY everyone_reads ON schema_version FOR SELECT USING (true);
GRANT SELECT ON schema_version TO ${rolesOf[which].map((role) => `:"${role}"`).join(', ')};
`;
}

/** For the printed SQL: the row that `migrate` writes after a migration. */
export function recordVersionSql(migration: Migration): string {
  return `INSERT INTO schema_version (version, name, digest) VALUES (${migration.version}, '${migration.name}', '${migration.digest}');`;
}
