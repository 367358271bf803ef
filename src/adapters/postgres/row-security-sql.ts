/**
 * FORCE binds the owner to row security too, who has no policy: a migration that reads or checks rows would find none,
 * and a foreign key over full tables would pass unchecked. For the length of a migration's transaction it is lifted.
 */
const ofOwner = (change: string) => `DO $do$
DECLARE item text;
BEGIN
  FOR item IN SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
    AND c.relkind IN ('r', 'p') AND c.relrowsecurity AND pg_get_userbyid(c.relowner) = current_user
  LOOP EXECUTE format('ALTER TABLE %s ${change} ROW LEVEL SECURITY', item); END LOOP;
END $do$;`;

export const liftRowSecuritySql = ofOwner('NO FORCE');
export const forceRowSecuritySql = ofOwner('FORCE');
