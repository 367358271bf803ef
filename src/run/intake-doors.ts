import { codeOf, type Log } from '../adapters/log/log.ts';
import type { InboxStore } from '../message/door-ports.ts';
import { type TrustedDoors, trustDoors } from '../message/receive/trust-doors.ts';
import { type Instant, minute, second } from '../time/instant.ts';

export type IntakeLog = Pick<Log, 'info' | 'warn' | 'error'>;

/** How often the doors are read again, so that a new list or storage key is known soon. */
const readEvery = 3 * second;
/** Attack: RCPT to invented lists, to make us ask the database each time. */
const readAtMostEvery = second;
/** Doors not confirmed for so long are no longer believed: their storage key may be gone (K6, I5). */
const believedFor = minute;

/** Where the doors are read, and what tells that they changed; without that they are read by the clock alone. */
export type DoorSource = Pick<InboxStore, 'doors'> &
  Readonly<{
    /** Resolves when the doors may have changed, or after so many milliseconds. */
    waitForDoors?: (longest: number) => Promise<void>;
  }>;

/** What intake knows of the lists: read at start, every few seconds, and when somebody names an unknown list. */
export function intakeDoors(
  parameters: Readonly<{
    store: DoorSource;
    verify: (bytes: Uint8Array, signature: Uint8Array) => boolean;
    clock: () => Instant;
    log: IntakeLog;
  }>,
) {
  const { store, verify, clock, log } = parameters;
  let trusted: TrustedDoors | undefined;
  let readAt: Instant | undefined;
  let triedAt: Instant | undefined;
  let reading: Promise<void> | undefined;
  let told = '';

  const readOnce = async () => {
    triedAt = clock();
    try {
      trusted = trustDoors(await store.doors(), verify, trusted);
      readAt = clock();
      const complaint = JSON.stringify(trusted.rejected);
      if (complaint !== told) {
        for (const { list, reason } of trusted.rejected) log.error('door-rejected', { list, code: reason });
      }
      told = complaint;
    } catch (error) {
      log.warn('doors-unreadable', { code: codeOf(error) });
    }
  };
  const read = (): Promise<void> => {
    reading ??= readOnce().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const keepReading = async () => {
    while (!stopped) {
      await store.waitForDoors?.(readEvery);
      if (!stopped) await read();
    }
  };
  if (store.waitForDoors) void keepReading();
  else timer = setInterval(() => void read(), readEvery);
  return {
    read,
    /** Undefined when they are not known well enough to take mail. */
    current(): TrustedDoors | undefined {
      return readAt !== undefined && clock() - readAt <= believedFor ? trusted : undefined;
    },
    /** Reads again, unless that was just done. */
    async refresh(): Promise<void> {
      if (triedAt === undefined || clock() - triedAt >= readAtMostEvery) await read();
    },
    stop(): void {
      stopped = true;
      clearInterval(timer);
    },
  };
}

export type IntakeDoors = ReturnType<typeof intakeDoors>;
