import { joinBytes, sameBytes } from '../../mail/bytes.ts';
import type { Instant } from '../../time/instant.ts';
import type { Epoch, Epochs, JournalEntry, JournalHead, Sealed, StoredEntry } from '../ports.ts';
import { type Event, subjectOf } from './event.ts';
import { encodeEvent } from './event-codec.ts';
import { mayBePurged } from './may-be-purged.ts';

/**
 * The append-only journal (I7, T7): clear kind, subject and instant, a salted commitment to the payload, and a hash
 * chain over all of that. Folding and checking the chain need no payload that has been purged.
 */
export type JournalTools = Readonly<{
  sha256: (bytes: Uint8Array) => Uint8Array;
  randomBytes: (length: number) => Uint8Array;
  epochs: Epochs;
  /** Seals under the epoch's record key; `context` is bound as associated data. */
  sealRecord: (epoch: Epoch, plaintext: Uint8Array, context: string) => Promise<Sealed>;
}>;

const saltLength = 16;
const encoder = new TextEncoder();

/** The entries for `events`, chained onto `after`, and where the journal stands behind them. */
export async function writeEntries(
  after: JournalHead,
  events: readonly Event[],
  at: Instant,
  tools: JournalTools,
): Promise<Readonly<{ entries: readonly JournalEntry[]; head: JournalHead }>> {
  const entries: JournalEntry[] = [];
  let { head, size } = after;
  for (const event of events) {
    size += 1;
    const detail = joinBytes(tools.randomBytes(saltLength), encodeEvent(event));
    const commitment = tools.sha256(detail);
    const clear = { at, kind: event.kind, subject: subjectOf(event), commitment };
    head = chainValue(head, { sequence: size, ...clear }, tools.sha256);
    // What a purge may take rests under a key that a purge can destroy, and nothing else does (K6).
    const epoch = mayBePurged(event.kind) ? tools.epochs.month : tools.epochs.standing;
    const sealed = await tools.sealRecord(epoch, detail, detailContext(size));
    entries.push({ ...clear, head, epoch, sealed });
  }
  return { entries, head: { generation: after.generation, size, head } };
}

/** Associated data of a sealed detail: it cannot be moved to another place in the journal. */
export function detailContext(sequence: number): string {
  return `journal ${sequence}`;
}

/** The payload inside an opened detail; undefined when it is not what was committed to. */
export function readDetail(
  detail: Uint8Array,
  commitment: Uint8Array,
  sha256: JournalTools['sha256'],
): Uint8Array | undefined {
  return sameBytes(sha256(detail), commitment) ? detail.subarray(saltLength) : undefined;
}

export function chainValue(
  previous: Uint8Array,
  entry: Pick<StoredEntry, 'sequence' | 'at' | 'kind' | 'subject' | 'commitment'>,
  sha256: JournalTools['sha256'],
): Uint8Array {
  const line = `${entry.sequence}\n${entry.at}\n${entry.kind}\n${entry.subject ?? ''}\n`;
  return sha256(joinBytes(previous, encoder.encode(line), entry.commitment));
}

/** Head of a journal in which nothing has happened yet. */
export const emptyChain: Uint8Array = new Uint8Array(32);
