/** Rows for tests of the stores: small, well-formed, and of no meaning. "Sealed" bytes here are just bytes. */
import { createHash, randomUUID } from 'node:crypto';
import { parseAddress } from '../../src/mail/address.ts';
import type { MessageId } from '../../src/mail/letter-head.ts';
import type { OutboxState } from '../../src/message/outbox-state.ts';
import type {
  BodyRow,
  Epoch,
  InboxRow,
  JournalEntry,
  JournalHead,
  OutboxRow,
  ReaderRow,
  Sealed,
} from '../../src/message/ports.ts';
import type { Step } from '../../src/message/private-store-port.ts';
import { type Instant, instantFromMilliseconds } from '../../src/time/instant.ts';

export const at: Instant = instantFromMilliseconds(Date.UTC(2026, 10, 23, 12, 0, 0, 123));
export const epoch = '2026-11' as Epoch;

export function bytes(text: string): Sealed {
  return Buffer.from(text) as Uint8Array as Sealed;
}

export function address(text: string) {
  const parsed = parseAddress(text);
  if (!parsed) throw new TypeError(`${text} is no address.`);
  return parsed;
}

export function inboxRow(over: Partial<InboxRow> = {}): InboxRow {
  const id = over.id ?? randomUUID();
  return {
    id,
    receivedAt: at,
    lists: ['linux-distros'],
    epoch,
    sizeClass: 12,
    sealed: bytes(`mail ${id}`),
    ...over,
  };
}

/** A step of one entry on top of `after`; the chain value is any digest, as the database does not judge it. */
export function stepAfter(after: JournalHead, over: Partial<Step> = {}): Step {
  return { after, entries: [entry(`${after.size + 1}`)], ...over };
}

export function entry(seed: string): JournalEntry {
  const digest = createHash('sha256').update(seed).digest();
  return {
    at,
    kind: 'case-opened',
    subject: 'VS-2026-0042',
    commitment: digest,
    head: createHash('sha256').update(digest).digest(),
    epoch,
    sealed: bytes(`detail ${seed}`),
  };
}

export function bodyRow(id: string): BodyRow {
  return {
    id,
    list: 'linux-distros',
    caseNumber: 'VS-2026-0042',
    messageId: `<${id}@lists.example.org>` as MessageId,
    envelopeHead: Buffer.from('Subject: VS-2026-0042 new\r\n\r\n'),
    tails: [Buffer.from('AAAA\r\n'), Buffer.from('BBBB\r\n'), Buffer.from('CCCC\r\n')],
    envelopeEnd: Buffer.from('-----END PGP MESSAGE-----\r\n'),
    homeEpoch: epoch,
    home: bytes('home key'),
  };
}

export function copyRow(
  bodyId: string,
  readerId: string,
  over: Partial<OutboxRow> & { state?: OutboxState } = {},
): OutboxRow {
  const id = over.id ?? randomUUID();
  return {
    id,
    list: 'linux-distros',
    caseNumber: 'VS-2026-0042',
    recipient: address(`${readerId}@members.example`),
    returnPath: address(`linux-distros+bounce-${id}@lists.example.org`),
    state: 'queued',
    permitId: 'permit-1',
    content: {
      kind: 'copy',
      bodyId,
      readerId,
      keyIds: ['0123456789ABCDEF'],
      head: Buffer.from('wcDM\r\n'),
      alignment: 1,
      checksum: '=abcd',
    },
    ...over,
  };
}

export function readerRow(id: string, standing: ReaderRow['standing'] = 'active'): ReaderRow {
  return {
    id,
    address: address(`${id}@members.example`),
    standing,
    encryptionKeyIds: ['0123456789ABCDEF'],
    signature: bytes('signature'),
  };
}
