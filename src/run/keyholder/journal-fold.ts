import { sameBytes } from '../../mail/bytes.ts';
import type { Event } from '../../message/journal/event.ts';
import { decodeEvent } from '../../message/journal/event-codec.ts';
import { chainValue, detailContext, emptyChain, readDetail } from '../../message/journal/journal.ts';
import { type Knowledge, startFold } from '../../message/journal/knowledge.ts';
import { mayBePurged } from '../../message/journal/may-be-purged.ts';
import type { JournalHead, StoredEntry } from '../../message/ports.ts';
import { checkAgainst, JournalFault } from './journal-guard.ts';
import type { KeyholderTools } from './keyholder-tools.ts';

/**
 * The keyholder's memory: it reads what the journal has that it has not folded yet, checking chain, commitment and
 * the guard of T6 on the way, and folds what its own step has committed.
 */
export type JournalFold = Readonly<{
  knowledge: Knowledge;
  head: () => JournalHead;
  /** Reads the tail; throws JournalFault when the journal is not the one that was written. */
  catchUp: () => Promise<void>;
  /** Details that lie there under keys that a purge has destroyed: only a backup of before it brings them. */
  lost: () => readonly number[];
  /** What was just committed by this keyholder. */
  committed: (events: readonly Event[], head: JournalHead) => Promise<void>;
}>;

type Reading = Pick<KeyholderTools, 'store' | 'keys' | 'guard' | 'sha256'>;

export async function journalFold(tools: Reading): Promise<JournalFold> {
  const fold = startFold();
  const remembered = await tools.guard.remembered();
  const stored = await tools.store.journalHead();
  if (remembered && stored.size < remembered.size) {
    throw shorter(stored.size, remembered.size);
  }
  let head: JournalHead = { generation: stored.generation, size: 0, head: emptyChain };
  const missing: number[] = [];
  const lost: number[] = [];
  const foldEntry = async (entry: StoredEntry) => {
    const { event, after } = await readStored(entry, head, tools);
    if (event) fold.apply(event);
    else if (isEnded(entry, tools)) lost.push(entry.sequence);
    else missing.push(entry.sequence);
    head = after;
    if (remembered?.size === head.size) checkAgainst(remembered, head);
  };
  let destroyed = 0;
  /** K6: on every keyholder, and again at each start, as the one before may have died between its commit and this. */
  const destroyEnded = async () => {
    const { endedEpochs } = fold.knowledge;
    if (endedEpochs.size === destroyed) return;
    await tools.keys.endEpochs([...endedEpochs]);
    destroyed = endedEpochs.size;
  };
  return {
    knowledge: fold.knowledge,
    head: () => head,
    lost: () => lost,
    catchUp: async () => {
      const end = await tools.store.journalHead();
      // Nobody else's step makes it shorter: an older copy was put under a running keyholder (T6, I12).
      if (end.size < head.size) throw shorter(end.size, head.size);
      for await (const page of tools.store.journalTail(head.size))
        for (const entry of page) await foldEntry(entry);
      // A head that its entries do not bear out would make every step late for ever, and silently.
      if (head.size < end.size) throw shorter(head.size, end.size);
      checkAgainst(head, end);
      // Attack: who may write to the database undoes a suspension, or has a case forgotten, by deleting its detail.
      refuseUnlessPurged(missing.splice(0), fold.knowledge.purgedDetails);
      // T6: a backup of before a purge; its first entry will say what it lost. Any other is refused as above.
      if (!isNewGeneration(head, fold.knowledge)) refuseUnlessPurged(lost, fold.knowledge.purgedDetails);
      await destroyEnded();
    },
    committed: async (events, after) => {
      for (const event of events) fold.apply(event);
      head = after;
      await rememberOrStop(after, tools);
      await destroyEnded();
    },
  };
}

function shorter(stored: number, written: number): JournalFault {
  return new JournalFault(
    `The database's journal has ${stored} entries, and ${written} were written: this is an old copy. Nothing is sent from it. A backup comes back by \`embargod restore from\` alone: see docs/backup.md.`,
  );
}

type Read = Readonly<{ event: Event | undefined; after: JournalHead }>;

async function readStored(entry: StoredEntry, before: JournalHead, tools: Reading): Promise<Read> {
  const expected = chainValue(before.head, entry, tools.sha256);
  if (entry.sequence !== before.size + 1 || !sameBytes(expected, entry.head)) {
    throw new JournalFault(`Entry ${entry.sequence} of the journal does not follow from the one before it.`);
  }
  const after = { ...before, size: entry.sequence, head: entry.head };
  return { event: await openDetail(entry, tools), after };
}

function refuseUnlessPurged(missing: readonly number[], purged: ReadonlySet<number>): void {
  const stolen = missing.find((sequence) => !purged.has(sequence));
  if (stolen === undefined) return;
  throw new JournalFault(`The detail of entry ${stolen} is gone, and no purge in the journal took it.`);
}

/** Whether it is a restored database's first start: the journal does not know yet that it was restored. */
export function isNewGeneration({ generation }: JournalHead, { restored }: Knowledge): boolean {
  return generation > (restored?.generation ?? 1);
}

/** K6: what a purge destroyed stays so, though a backup brings its ciphertext back. Never a right, a duty or a request. */
function isEnded({ epoch, kind }: StoredEntry, { keys }: Pick<Reading, 'keys'>): boolean {
  return epoch !== undefined && keys.endedEpochs().has(epoch) && mayBePurged(kind);
}

/** Undefined once purged (T7). */
export async function openDetail(
  entry: StoredEntry,
  { keys, sha256 }: Pick<Reading, 'keys' | 'sha256'>,
): Promise<Event | undefined> {
  if (entry.sealed === undefined || entry.epoch === undefined || isEnded(entry, { keys })) return undefined;
  const detail = await keys.openRecord(entry.epoch, entry.sealed, detailContext(entry.sequence));
  const payload = readDetail(detail, entry.commitment, sha256);
  if (!payload)
    throw new JournalFault(`The detail of entry ${entry.sequence} is not what the journal committed to.`);
  return decodeEvent(payload);
}

/** T6 fails closed: without its memory outside the database, an old copy would pass for the real one. */
async function rememberOrStop(head: JournalHead, { guard }: Reading): Promise<void> {
  try {
    await guard.remember(head);
  } catch {
    throw new JournalFault(
      'What the journal has come to cannot be written beside the keys: look at the disk, and start again.',
    );
  }
}
