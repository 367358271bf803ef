/** Whom a storm of kills may hit, and how a test finds out that the victim is back. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { superuserOf } from '../stand-ins/installation-database.ts';
import { childrenOf, processesNamed, processesOf } from '../stand-ins/process-facts.ts';
import type { SeededChance } from '../stand-ins/seeded-chance.ts';

/** Our processes, by the name of their entry file. */
const entries = {
  intake: 'intake-process',
  keyholder: 'keyholder',
  opener: 'opener',
  sender: 'sender-process',
  'public-keeper': 'public-keeper',
  'public-site': 'public-site',
} as const;

/** The database's two other ends are `pg_ctl restart -m fast` and `-m immediate`: asked for, not killed. */
const ends = { 'fast restart': 'SIGINT', 'immediate restart': 'SIGQUIT' } as const;

export type Victim = keyof typeof entries | keyof typeof ends | 'supervisor' | 'postmaster' | 'backend';

export function signalFor(victim: Victim): NodeJS.Signals {
  return victim === 'fast restart' || victim === 'immediate restart' ? ends[victim] : 'SIGKILL';
}

export const victims: readonly Victim[] = [
  'intake',
  'keyholder',
  'opener',
  'sender',
  'public-keeper',
  'public-site',
  'supervisor',
  'postmaster',
  'backend',
];

export type Scene = Readonly<{ data: string; supervisor: number; chance: SeededChance }>;

/** Undefined while it does not run: it may not be back from the last kill. */
export async function pidOf(
  victim: Victim,
  { data, supervisor, chance }: Scene,
): Promise<number | undefined> {
  switch (victim) {
    case 'supervisor':
      return supervisor;
    case 'postmaster':
    case 'fast restart':
    case 'immediate restart':
      return postmasterOf(data);
    case 'backend': {
      const backends = await backendsOf(await postmasterOf(data));
      return backends.length > 0 ? chance.pick(backends) : undefined;
    }
    case 'intake': {
      const intakes = await processesNamed(supervisor, entries.intake);
      return intakes.length > 0 ? chance.pick(intakes) : undefined;
    }
    default:
      return (await processesOf(supervisor)).get(entries[victim]);
  }
}

export async function postmasterOf(data: string): Promise<number> {
  const text = await readFile(join(data, 'postgres/data/postmaster.pid'), 'utf8').catch(() => '');
  return Number(text.split('\n')[0]);
}

/** Those that serve a process of ours; PostgreSQL's own helpers are not meant. */
async function backendsOf(postmaster: number): Promise<readonly number[]> {
  const pids = await childrenOf(postmaster);
  const titles = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return pids.filter((_, index) => titles[index]?.startsWith('postgres: embargod_'));
}

/** Resolves when the database takes connections. */
export async function databaseIsBack(data: string): Promise<void> {
  for (;;) {
    const client = await superuserOf(data).then(
      (config) => new Client(config),
      () => undefined,
    );
    client?.on('error', () => {});
    const connected = await client?.connect().then(
      () => true,
      () => false,
    );
    await client?.end().catch(() => undefined);
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
