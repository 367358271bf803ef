import type { Epoch, Epochs } from '../../message/ports.ts';
import { formatInstant, type Instant } from '../../time/instant.ts';

/** The calendar month, UTC, and the standing epoch, each with the newest keys that were not ended (K1, K6). */
export function currentEpochs(now: Instant, ended: ReadonlySet<Epoch>): Epochs {
  return {
    month: newest(formatInstant(now).slice(0, 7), ended),
    standing: newest('standing', ended),
  };
}

/** Names sort as they follow each other: `2026-11`, `2026-11.02`, `2026-11.03`, `2026-12`. */
function newest(name: string, ended: ReadonlySet<Epoch>): Epoch {
  for (let count = 1; ; count += 1) {
    const epoch = (count === 1 ? name : `${name}.${String(count).padStart(2, '0')}`) as Epoch;
    if (!ended.has(epoch)) return epoch;
  }
}
