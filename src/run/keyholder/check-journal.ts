import { sameBytes } from '../../mail/bytes.ts';
import { chainValue, emptyChain } from '../../message/journal/journal.ts';
import { mayBePurged } from '../../message/journal/may-be-purged.ts';
import { openDetail } from './journal-fold.ts';
import type { KeyholderTools } from './keyholder-tools.ts';

/** T7: reads the whole journal again, chain and commitments; the first fault ends it. */
export async function checkJournal(
  tools: Pick<KeyholderTools, 'store' | 'keys' | 'sha256'>,
): Promise<Readonly<{ size: number; purged: number; fault: string | undefined }>> {
  let head = emptyChain;
  let size = 0;
  let purged = 0;
  for await (const page of tools.store.journalTail(0)) {
    for (const entry of page) {
      const expected = chainValue(head, entry, tools.sha256);
      if (entry.sequence !== size + 1 || !sameBytes(expected, entry.head)) {
        return { size, purged, fault: `entry ${entry.sequence} does not follow from the one before it` };
      }
      try {
        const gone = (await openDetail(entry, tools)) === undefined;
        if (gone && !mayBePurged(entry.kind)) {
          return {
            size,
            purged,
            fault: `the detail of entry ${entry.sequence} is gone, and was never purged`,
          };
        }
        if (gone) purged += 1;
      } catch {
        return { size, purged, fault: `the detail of entry ${entry.sequence} is not what was committed to` };
      }
      head = entry.head;
      size = entry.sequence;
    }
  }
  const stored = await tools.store.journalHead();
  const fault =
    stored.size === size && sameBytes(stored.head, head) ? undefined : 'its head is not its last entry';
  return { size, purged, fault };
}
