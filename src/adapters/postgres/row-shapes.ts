/** Rows of the private database as the domain's values, and back. The casts to brands are those of our own columns. */
import type { Selectable } from 'kysely';
import type { Address } from '../../mail/address.ts';
import type { MessageId } from '../../mail/letter-head.ts';
import type {
  Alignment,
  BodyRow,
  DeliveryOutcome,
  DoorRow,
  Epoch,
  InboxRow,
  NoticeTemplate,
  ObligationRow,
  OutboxContent,
  OutboxRow,
  ReaderRow,
  Sealed,
  SealedToSender,
} from '../../message/ports.ts';
import { type Instant, instantFromMilliseconds } from '../../time/instant.ts';
import type { PrivateTables } from './tables.ts';

type Row<Name extends keyof PrivateTables> = Selectable<PrivateTables[Name]>;

export function toInstant(date: Date): Instant {
  return instantFromMilliseconds(date.getTime());
}

export function toDate(instant: Instant): Date {
  return new Date(instant);
}

export function sealedBytes(bytes: Uint8Array): Sealed {
  return bytes as Sealed;
}

export function asAddress(text: string): Address {
  return text as Address;
}

export function asEpoch(text: string): Epoch {
  return text as Epoch;
}

export function inboxRow(
  row: Pick<Row<'inbox'>, 'id' | 'received_at' | 'lists' | 'epoch' | 'size_class'> &
    Readonly<{ sealed: Uint8Array }>,
): InboxRow {
  return {
    id: row.id,
    receivedAt: toInstant(row.received_at),
    lists: row.lists,
    epoch: asEpoch(row.epoch),
    sizeClass: row.size_class,
    sealed: sealedBytes(row.sealed),
  };
}

/** The columns that make an `OutboxRow`: what `sender` may read too. */
export const outboxColumns = [
  'outbox.id',
  'outbox.list',
  'outbox.case_number',
  'outbox.recipient',
  'outbox.return_path',
  'outbox.state',
  'outbox.permit_id',
  'outbox.kind',
  'outbox.body_id',
  'outbox.reader_id',
  'outbox.key_ids',
  'outbox.head',
  'outbox.alignment',
  'outbox.checksum',
  'outbox.template',
  'outbox.parameters',
  'outbox.message_id',
  'outbox.sealed',
] as const;

export function outboxRow(
  row: Omit<Row<'outbox'>, 'attempts' | 'created_at' | 'next_at' | 'settled_at' | 'acknowledged_at'>,
): OutboxRow {
  return {
    id: row.id,
    list: row.list,
    caseNumber: row.case_number ?? undefined,
    recipient: row.recipient as Address,
    returnPath: row.return_path as Address | '',
    state: row.state,
    permitId: row.permit_id,
    content: outboxContent(row),
  };
}

function outboxContent(
  row: Pick<
    Row<'outbox'>,
    | 'kind'
    | 'body_id'
    | 'reader_id'
    | 'key_ids'
    | 'head'
    | 'alignment'
    | 'checksum'
    | 'template'
    | 'parameters'
    | 'message_id'
    | 'sealed'
  >,
): OutboxContent {
  switch (row.kind) {
    case 'copy':
      return {
        kind: 'copy',
        bodyId: row.body_id ?? '',
        readerId: row.reader_id ?? '',
        keyIds: row.key_ids ?? [],
        head: row.head ?? new Uint8Array(),
        alignment: (row.alignment ?? 0) as Alignment,
        checksum: row.checksum ?? '',
      };
    case 'notice':
      return { kind: 'notice', template: row.template as NoticeTemplate, parameters: row.parameters ?? {} };
    case 'permitted':
      return {
        kind: 'permitted',
        messageId: (row.message_id ?? '') as MessageId,
        sealed: (row.sealed ?? new Uint8Array()) as Uint8Array as SealedToSender,
      };
  }
}

/** The columns that `content` fills; those of the other kind are null. */
export function contentColumns(content: OutboxContent) {
  const none = {
    body_id: null,
    reader_id: null,
    key_ids: null,
    head: null,
    alignment: null,
    checksum: null,
    template: null,
    parameters: null,
    message_id: null,
    sealed: null,
  };
  switch (content.kind) {
    case 'copy':
      return {
        ...none,
        kind: content.kind,
        body_id: content.bodyId,
        reader_id: content.readerId,
        key_ids: content.keyIds,
        head: content.head,
        alignment: content.alignment,
        checksum: content.checksum,
      };
    case 'notice':
      return {
        ...none,
        kind: content.kind,
        template: content.template,
        parameters: JSON.stringify(content.parameters),
      };
    case 'permitted':
      return { ...none, kind: content.kind, message_id: content.messageId, sealed: content.sealed };
  }
}

export function deliveryOutcome(
  row: Pick<Row<'deliveries'>, 'kind' | 'at' | 'code' | 'reason' | 'next_at'>,
): DeliveryOutcome {
  return {
    kind: row.kind,
    at: toInstant(row.at),
    code: row.code,
    reason: row.reason,
    nextAt: row.next_at === null ? undefined : toInstant(row.next_at),
  };
}

export function readerRow(row: Row<'readers'>): ReaderRow {
  return {
    id: row.id,
    address: row.address as Address,
    standing: row.standing,
    encryptionKeyIds: row.encryption_key_ids,
    signature: row.signature,
  };
}

export function doorRow(row: Row<'doors'>): DoorRow {
  return {
    list: row.list,
    kind: row.kind,
    storageCertificate: row.storage_certificate,
    epoch: asEpoch(row.epoch),
    signature: row.signature,
  };
}

export function obligationRow(row: Row<'obligations'>): ObligationRow {
  return {
    id: row.id,
    kind: row.kind,
    list: row.list,
    subject: row.subject,
    owner: row.owner,
    openedAt: toInstant(row.opened_at),
    dueAt: toInstant(row.due_at),
  };
}

export function bodyRow(
  body: Row<'bodies'>,
  tails: readonly Row<'body_tails'>[],
  home: Row<'home_keys'>,
): BodyRow {
  const tail = (alignment: Alignment) =>
    tails.find((row) => row.alignment === alignment)?.bytes ?? new Uint8Array();
  return {
    id: body.id,
    list: body.list,
    caseNumber: body.case_number ?? undefined,
    messageId: body.message_id as MessageId,
    envelopeHead: body.envelope_head,
    tails: [tail(0), tail(1), tail(2)],
    envelopeEnd: body.envelope_end,
    homeEpoch: asEpoch(home.epoch),
    home: sealedBytes(home.sealed),
  };
}
