/** The SQL around the migrations: roles, databases, schema. Each statement may be run again without harm. */
import { escapeIdentifier, escapeLiteral } from 'pg';
import { databaseName, type PairNames, processRoles, roleName, rolesOf, type Which } from './names.ts';

/** What a process role may be, and nothing more: no inheritance, so that a stray membership opens nothing by itself. */
const processAttributes = 'LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';

export function createRolesSql(rolePrefix: string): readonly string[] {
  const owner = roleName(rolePrefix, 'owner');
  return [
    createRole(owner, 'NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS'),
    ...processRoles.map((role) => createRole(roleName(rolePrefix, role), processAttributes)),
    // Whoever sets up must be able to act as the owner; a superuser can already.
    `DO $do$ BEGIN IF NOT pg_has_role(current_user, ${escapeLiteral(owner)}, 'MEMBER') THEN EXECUTE format('GRANT ${escapeIdentifier(owner)} TO %I', current_user); END IF; END $do$`,
  ];
}

/** duplicate_object, unique_violation: another process made the role in the same moment. */
function createRole(name: string, attributes: string): string {
  return `DO $do$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${escapeLiteral(name)}) THEN CREATE ROLE ${escapeIdentifier(name)} ${attributes}; END IF; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $do$`;
}

/** Cannot run inside a transaction. `C` collation: ids and addresses are bytes to us, and no upgrade re-sorts them. */
export function createDatabaseSql(names: PairNames, which: Which, template = 'template0'): string {
  const basis = template === 'template0' ? ` ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'` : '';
  return `CREATE DATABASE ${escapeIdentifier(databaseName(names, which))} OWNER ${escapeIdentifier(roleName(names.rolePrefix, 'owner'))} TEMPLATE ${escapeIdentifier(template)}${basis}`;
}

/** Rights on the database itself; a template does not hand these on. */
export function databaseRightsSql(names: PairNames, which: Which): readonly string[] {
  const database = escapeIdentifier(databaseName(names, which));
  const roles = rolesOf[which].map((role) => escapeIdentifier(roleName(names.rolePrefix, role))).join(', ');
  return [
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${database} TO ${roles}`,
  ];
}

/** The schema, and what becomes of objects that nobody thought of: not even a function is anyone else's. */
export function schemaRightsSql(which: Which): string {
  const roles = rolesOf[which].map((role) => `:"${role}"`).join(', ');
  return `
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ${roles};
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" REVOKE ALL ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" REVOKE ALL ON TYPES FROM PUBLIC;
`;
}

/** The same for what an administrator may make here later: by default a function of theirs would be everyone's to call. */
export const administratorDefaultsSql = `
ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TYPES FROM PUBLIC;
`;
