/** Reads from the catalogue what each role may really do, memberships and grants to PUBLIC included. */
import type { ClientBase } from 'pg';
import { processRoles, roleName } from '../../src/adapters/postgres/names.ts';

/** Role → object → rights: `select`, or `select(column column)` where not all columns are meant. */
export type Rights = Readonly<Record<string, Readonly<Record<string, string>>>>;

type Found = Readonly<{ role: string; object: string; right: string; columns: string | null }>;

const own = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'`;

const rightsSql = `
WITH roles AS (SELECT rolname AS role FROM pg_roles WHERE rolname = ANY ($1)),
relations AS (
  SELECT c.oid, c.relkind, CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS object
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${own} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
)
SELECT role, object, lower(right_) AS right, NULL AS columns
  FROM roles, relations, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS right_
  WHERE relkind <> 'S' AND has_table_privilege(role, relations.oid, right_)
UNION ALL
SELECT role, object, lower(right_), string_agg(a.attname, ' ' ORDER BY a.attname)
  FROM roles, relations, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS right_, pg_attribute a
  WHERE relkind <> 'S' AND a.attrelid = relations.oid AND a.attnum > 0 AND NOT a.attisdropped
    AND NOT has_table_privilege(role, relations.oid, right_)
    AND has_column_privilege(role, relations.oid, a.attnum, right_)
  GROUP BY role, object, right_
UNION ALL
SELECT role, 'sequence ' || object, lower(right_), NULL
  FROM roles, relations, unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) AS right_
  WHERE relkind = 'S' AND has_sequence_privilege(role, relations.oid, right_)
UNION ALL
SELECT role, 'schema ' || n.nspname, lower(right_), NULL
  FROM roles, pg_namespace n, unnest(ARRAY['USAGE', 'CREATE']) AS right_
  WHERE ${own} AND has_schema_privilege(role, n.oid, right_)
UNION ALL
SELECT role, 'function ' || p.oid::regprocedure, 'execute', NULL
  FROM roles, pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE ${own} AND has_function_privilege(role, p.oid, 'EXECUTE')
UNION ALL
SELECT role, 'database ' || datname, lower(right_), NULL
  FROM roles, pg_database, unnest(ARRAY['CONNECT', 'CREATE', 'TEMPORARY']) AS right_
  WHERE (datname = ANY ($2) OR datname IN ('postgres', 'template1')) AND has_database_privilege(role, datname, right_)
UNION ALL
SELECT role, 'member of ' || g.rolname, 'member', NULL
  FROM roles JOIN pg_roles r ON r.rolname = role JOIN pg_auth_members m ON m.member = r.oid JOIN pg_roles g ON g.oid = m.roleid
UNION ALL
SELECT role, 'everything', 'attribute', NULL
  FROM roles JOIN pg_roles r ON r.rolname = role
  WHERE r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls OR r.rolinherit
ORDER BY 1, 2, 3`;

export async function readRights(
  connection: ClientBase,
  rolePrefix: string,
  databases: Readonly<Record<string, string>>,
): Promise<Rights> {
  const roles = processRoles.map((role) => roleName(rolePrefix, role));
  const found = await connection.query<Found>(rightsSql, [roles, Object.keys(databases)]);
  const rights: Record<string, Record<string, string>> = Object.fromEntries(
    processRoles.map((role) => [role, {}]),
  );
  for (const { role, object, right, columns } of found.rows) {
    const ofRole = rights[role.slice(rolePrefix.length)] ?? {};
    const name = object.replace(
      /^database (.*)$/,
      (_, database) => `database ${databases[database] ?? database}`,
    );
    const words = columns === null ? right : `${right}(${columns})`;
    ofRole[name] = ofRole[name] === undefined ? words : `${ofRole[name]}, ${words}`;
  }
  return rights;
}
