import { sameBytes } from '../../mail/bytes.ts';
import { chainValue, emptyChain } from '../../message/journal/journal.ts';
import { openDetail } from './journal-fold.ts';
import type { KeyholderTools } from './keyholder-tools.ts';

/** T7: reads the whole journal again, chain and commitments; the first fault ends it. */
export async function checkJournal(
  tools: Pick<KeyholderTools, 'store' | 'keys' | 'sha256'>,
): Promise<Readonly<{ size: number; purged: number; fault: string | undefined }>> {
  let head = emptyChain;
  let size = 0;
  const gone: number[] = [];
  const taken = new Set<number>();
  for await (const page of tools.store.journalTail(0)) {
    for (const entry of page) {
      const expected = chainValue(head, entry, tools.sha256);
      if (entry.sequence !== size + 1 || !sameBytes(expected, entry.head)) {
        return {
          size,
          purged: gone.length,
          fault: `entry ${entry.sequence} does not follow from the one before it`,
        };
      }
      try {
        const event = await openDetail(entry, tools);
        if (!event) gone.push(entry.sequence);
        if (event?.kind === 'data-purged') for (const sequence of event.details) taken.add(sequence);
        if (event?.kind === 'database-restored') for (const sequence of event.lost) taken.add(sequence);
      } catch {
        return {
          size,
          purged: gone.length,
          fault: `the detail of entry ${entry.sequence} is not what was committed to`,
        };
      }
      head = entry.head;
      size = entry.sequence;
    }
  }
  const purged = gone.length;
  const stolen = gone.find((sequence) => !taken.has(sequence));
  if (stolen !== undefined) {
    return { size, purged, fault: `the detail of entry ${stolen} is gone, and was never purged` };
  }
  const stored = await tools.store.journalHead();
  const fault =
    stored.size === size && sameBytes(stored.head, head) ? undefined : 'its head is not its last entry';
  return { size, purged, fault };
}
