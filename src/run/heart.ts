/** A process's heartbeat (docs/operation.md): its own row in its own database, every few seconds while it works. */
import { hostname } from 'node:os';
import type { PoolConfig } from 'pg';
import { readClock } from '../adapters/clock/clock.ts';
import { codeOf, type Log } from '../adapters/log/log.ts';
import { type Beat, type BeatNote, openHeartbeatStore } from '../adapters/postgres/heartbeats.ts';
import { second } from '../time/instant.ts';
import { programVersion } from './program-version.ts';
import { instanceName, type Sibling } from './watch/instance-name.ts';

export const beatEvery = 15 * second;

export type Heart = Readonly<{
  /** The process has just shown that it works; writes when the last beat is old enough. Never waits, never throws. */
  pulse: (note?: BeatNote) => void;
  stop: () => Promise<void>;
}>;

/**
 * `timer`: the event loop that answers peers is what must turn. `loop`: the process calls `pulse` once a round, so that
 * work that hangs is seen, and not only a process that is gone.
 */
export function startHeart(
  process: Beat['process'],
  access: PoolConfig,
  {
    log,
    by,
    sibling = { number: 1, of: 1 },
  }: Readonly<{
    log: Pick<Log, 'warn'>;
    by: 'timer' | 'loop';
    sibling?: Sibling;
  }>,
): Heart {
  const store = openHeartbeatStore(access);
  const version = programVersion();
  const instance = instanceName(machineName(), sibling);
  let last = Number.NEGATIVE_INFINITY;
  let beating: Promise<void> | undefined;
  let told: BeatNote = '';
  const pulse = (note: BeatNote = '') => {
    // Not the host's clock, which may jump.
    const now = performance.now();
    if (beating || (now - last < beatEvery && note === told)) return;
    [last, told] = [now, note];
    beating = store
      .beat({ process, instance, version, note, clock: readClock })
      .catch((error: unknown) => log.warn('heartbeat-not-written', { code: codeOf(error) }))
      .finally(() => {
        beating = undefined;
      });
  };
  pulse();
  const timer = by === 'timer' ? setInterval(() => pulse(), beatEvery).unref() : undefined;
  return {
    pulse,
    stop: async () => {
      clearInterval(timer);
      await beating;
      await store.close();
    },
  };
}

/** The machine's first name, in the letters that a heartbeat may have. */
export function machineName(): string {
  const [first = ''] = hostname().toLowerCase().split('.');
  return first.replace(/[^a-z0-9-]/g, '-').slice(0, 63) || 'machine';
}
