import type { WireResult } from '../../message/deliver/deliver.ts';
import type { DeliveryOutcome } from '../../message/ports.ts';
import type { Duration } from '../../time/instant.ts';

/** What one sender has counted since it started, for its figures; of no case, list or reader. */
export type DeliveryFigures = Readonly<{
  /** The relay's answer to one attempt. */
  spoke: (result: WireResult) => void;
  /** An outcome that is on record. `before`: earlier attempts of the same row. */
  recorded: (outcome: DeliveryOutcome, before: number) => void;
  outcomes: () => ReadonlyMap<DeliveryOutcome['kind'], number>;
  retries: () => number;
  connectionFaults: () => number;
  relay: () => RelayStanding;
}>;

export type RelayStanding =
  | Readonly<{ kind: 'unknown' | 'reachable' }>
  | Readonly<{ kind: 'unreachable'; reason: string; for: Duration }>;

/** `elapsed`: milliseconds of a clock that never jumps. */
export function deliveryFigures(elapsed: () => number): DeliveryFigures {
  const outcomes = new Map<DeliveryOutcome['kind'], number>([
    ['sent', 0],
    ['deferred', 0],
    ['failed', 0],
    ['held', 0],
  ]);
  let retries = 0;
  let faults = 0;
  let reachable: boolean | undefined;
  let down: Readonly<{ reason: string; since: number }> | undefined;
  return {
    spoke: ({ kind, reason }) => {
      if (kind === 'connection-fault') {
        faults += 1;
        down = { reason, since: down?.since ?? elapsed() };
      } else {
        reachable = true;
        down = undefined;
      }
    },
    recorded: ({ kind }, before) => {
      outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
      if (before > 0) retries += 1;
    },
    outcomes: () => outcomes,
    retries: () => retries,
    connectionFaults: () => faults,
    relay: () => {
      if (down) return { kind: 'unreachable', reason: down.reason, for: elapsed() - down.since };
      return { kind: reachable ? 'reachable' : 'unknown' };
    },
  };
}
