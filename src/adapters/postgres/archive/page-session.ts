import type { PoolConfig } from 'pg';

/**
 * No page reads a whole table, and each of the few statements has one plan that is right however large an archive is. Left
 * to itself PostgreSQL takes the table of words, whose rows are short as the words lie out of line, for one that is read
 * at no cost; and to plan a statement again takes it longer than to run it.
 */
const settings = ['plan_cache_mode=force_generic_plan', 'enable_seqscan=off', 'jit=off'];

export function pageSession(config: PoolConfig): PoolConfig {
  return { ...config, options: `${config.options ?? ''} ${settings.map((one) => `-c ${one}`).join(' ')}` };
}
