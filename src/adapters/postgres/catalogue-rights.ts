/**
 * PostgreSQL lets every role look at the whole cluster's activity: statistics, locks, the WAL position, transaction
 * numbers, relation sizes. That tells the public side when the private side works (P2, I9). Where we are superuser we
 * take these rights from PUBLIC, in each database, as the catalogue's rights are kept per database.
 * What no REVOKE closes is listed in docs/schema.md ("What a role can still see").
 */
import type { ClientBase } from 'pg';

/** LIKE patterns over the names of catalogue views and tables. */
const views = [
  'pg_stat%',
  'pg_locks',
  'pg_prepared_xacts',
  'pg_replication%',
  'pg_shmem%',
  'pg_backend_memory_contexts',
  'pg_publication_tables',
  'pg_sequences',
  'pg_hba_file_rules',
  'pg_file_settings',
  'pg_ident_file_mappings',
  'pg_aios',
  'pg_dsm%',
  'pg_wait_events',
];

/** Activity, sizes, transaction numbers; and ways to write or lock that no role of ours needs. */
const functions = [
  'pg_stat_%',
  'pg_lock_status',
  'pg_blocking_pids',
  'pg_safe_snapshot_blocking_pids',
  'pg_isolation_test_session_is_blocked',
  'pg_prepared_xact',
  'pg_current_wal%',
  'pg_last_wal%',
  'pg_wal%',
  'pg_get_wal%',
  'pg_is_wal_replay_paused',
  'pg_control_%',
  'pg_last_xact_replay_timestamp',
  'pg_last_committed_xact',
  'pg_xact_%',
  'pg_current_xact_id%',
  'pg_current_snapshot',
  'pg_export_snapshot',
  'txid_current%',
  'txid_status',
  'pg_get_multixact%',
  'mxid_age',
  'pg_relation_size',
  'pg_table_size',
  'pg_indexes_size',
  'pg_total_relation_size',
  'pg_database_size',
  'pg_tablespace_size',
  'pg_tablespace_databases',
  'pg_sequence_last_value',
  'pg_get_sequence_data',
  'pg_get_replication_slots',
  'pg_show_replication_origin_status',
  'pg_notification_queue_usage',
  'pg_postmaster_start_time',
  'pg_conf_load_time',
  'pg_get_backend_memory_contexts',
  'pg_get_shmem_allocations%',
  'pg_get_aios',
  'pg_get_wait_events',
  'pg_advisory%',
  'pg_try_advisory%',
  'pg_notify',
  'pg_logical_emit_message',
  'lo\\_%',
  'loread',
  'lowrite',
];

/** Counts that VACUUM leaves in the catalogue; the other columns stay readable, as drivers ask for them. */
const countColumns = ['reltuples', 'relpages', 'relallvisible', 'relallfrozen', 'relfrozenxid', 'relminmxid'];

const list = (patterns: readonly string[]) => patterns.map((pattern) => `'${pattern}'`).join(', ');

/** Runs as superuser only; harmless when run again. */
export const catalogueRightsSql = `DO $do$
DECLARE item text;
BEGIN
  FOR item IN SELECT c.oid::regclass::text FROM pg_class c
    WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind IN ('v', 'r')
      AND c.relname LIKE ANY (ARRAY[${list(views)}])
  LOOP EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', item); END LOOP;
  FOR item IN SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f'
      AND p.proname LIKE ANY (ARRAY[${list(functions)}])
  LOOP EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', item); END LOOP;
  REVOKE ALL ON pg_catalog.pg_class FROM PUBLIC;
  SELECT string_agg(quote_ident(attname), ', ') INTO item FROM pg_attribute
    WHERE attrelid = 'pg_catalog.pg_class'::regclass AND NOT attisdropped
      AND attname NOT IN (${list(countColumns)}) AND (attnum > 0 OR attname IN ('oid', 'tableoid'));
  EXECUTE format('GRANT SELECT (%s) ON pg_catalog.pg_class TO PUBLIC', item);
END $do$`;

/** What a role without any membership may still look at in this database; empty where `catalogueRightsSql` ran. */
export async function openCatalogue(connection: ClientBase): Promise<readonly string[]> {
  const result = await connection.query<{ name: string }>(`
    SELECT c.relname AS name FROM pg_class c, aclexplode(c.relacl) a
      WHERE c.relnamespace = 'pg_catalog'::regnamespace AND a.grantee = 0
        AND c.relname LIKE ANY (ARRAY[${list(views)}])
    UNION
    SELECT p.proname || '()' FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
      WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND a.grantee = 0
        AND p.proname LIKE ANY (ARRAY[${list(functions)}])
    UNION
    SELECT 'pg_class.' || column_name FROM unnest(ARRAY[${list(countColumns)}]) AS column_name
      WHERE EXISTS (SELECT FROM pg_class c, aclexplode(c.relacl) a
        WHERE c.oid = 'pg_catalog.pg_class'::regclass AND a.grantee = 0 AND a.privilege_type = 'SELECT')
    ORDER BY 1`);
  return result.rows.map((row) => row.name);
}
