/** Mail for tests of the domain: every field has a plain default, and a test names only what it is about. */
import { createHash } from 'node:crypto';
import type { Case } from '../../src/case/case.ts';
import type { LetterHead, Mailbox, MessageId } from '../../src/mail/letter-head.ts';
import { readListAddress } from '../../src/mail/list-address.ts';
import type { Desk } from '../../src/message/desk.ts';
import type { FiledMessage } from '../../src/message/journal/message-event.ts';
import type { Letter } from '../../src/message/letter/letter.ts';
import { placeLetter } from '../../src/message/letter/place-letter.ts';
import { recogniseSigner } from '../../src/message/letter/recognise-signer.ts';
import { clearEntity } from '../../src/message/open/clear-entity.ts';
import type { Encryption, Opened, SignatureVerdict } from '../../src/message/open/opened.ts';
import type { Envelope } from '../../src/message/receive/envelope.ts';
import { address, domain, noon } from './community.ts';

export const privateListNames = ['linux-distros', 'distros', 'other'];
export const encrypted: Encryption = { kind: 'pgp-mime', keyId: '0123456789ABCDEF', list: 'linux-distros' };
export const inClear: Encryption = { kind: 'none' };

export function messageId(name: string): MessageId {
  return `<${name}@mail.example>` as MessageId;
}

export function mailbox(text: string, name?: string): Mailbox {
  return { name, address: address(text) };
}

export function makeHead(changes: Partial<LetterHead> = {}): LetterHead {
  return {
    from: [mailbox('rita@reporter.example', 'Rita Reporter')],
    sender: undefined,
    replyTo: [],
    to: [mailbox(`linux-distros@${domain}`)],
    cc: [],
    subject: '[vs] a flaw in frobnicate',
    date: noon,
    messageId: messageId('report'),
    inReplyTo: [],
    references: [],
    autoSubmitted: undefined,
    precedence: undefined,
    listId: undefined,
    resentTo: [],
    names: new Set(),
    repeated: [],
    ...changes,
  };
}

export function signedBy(fingerprint: string, digest = 'signature-digest'): SignatureVerdict {
  return { kind: 'valid', fingerprint, signedAt: noon, digest };
}

/** `head` is of both headers; `outer` and `inner` of only one. */
export type OpenedChanges = Partial<Omit<Opened, 'head' | 'outer'>> & {
  head?: Partial<LetterHead>;
  outer?: Partial<LetterHead>;
};

export function makeOpened({ head, outer, ...changes }: OpenedChanges = {}): Opened {
  const entity = changes.entity ?? bytesOf('Content-Type: text/plain\r\n\r\nIt overflows.\r\n');
  const { encryption = encrypted, signedText } = changes;
  return {
    outer: makeHead({ ...head, ...outer }),
    head: makeHead(head),
    encryption,
    signature: { kind: 'none' },
    clearEntity: clearEntity({ entity, encryption, signedText }, (bytes) =>
      Buffer.from(bytes).toString('base64'),
    ),
    hasAttachment: false,
    deliveryActions: undefined,
    enclosedCertificates: [],
    entity,
    inner: [],
    unopened: [],
    text: 'It overflows.',
    signedText: undefined,
    textAround: undefined,
    contentDigest: createHash('sha256').update(entity).digest('hex'),
    bodyDigest: undefined,
    ...changes,
  };
}

export function makeEnvelope(recipients: readonly string[], changes: Partial<Envelope> = {}): Envelope {
  return {
    receivedAt: noon,
    peer: '192.0.2.1',
    helo: 'mail.example',
    tls: true,
    mailFrom: address('rita@reporter.example'),
    recipients: recipients.map((local) => address(`${local}@${domain}`)),
    authentication: { checked: true, spf: 'pass', dkim: [], dmarc: 'pass', aligned: true },
    ...changes,
  };
}

export type LetterChanges = OpenedChanges & {
  /** Local parts of RCPT. */
  recipients?: readonly string[];
  envelope?: Partial<Envelope>;
  letter?: Partial<Letter>;
};

/** A letter as `handleMessage` would read it at this desk: placed, its signer recognised. */
export function makeLetter(desk: Desk, changes: LetterChanges = {}): Letter {
  const { recipients: locals = ['linux-distros'], envelope: about, letter, ...rest } = changes;
  const envelope = makeEnvelope(locals, about);
  const opened = makeOpened(rest);
  const recipients = envelope.recipients.flatMap((one) => {
    const read = readListAddress(one, domain, privateListNames);
    return read ? [read] : [];
  });
  const place = letter?.place ?? placeLetter(recipients, opened.head, desk.knowledge);
  return {
    inboxId: 'inbox-1',
    receivedAt: noon,
    envelope,
    raw: opened.entity,
    opened,
    recipients,
    place,
    signer: recogniseSigner(opened, place, desk.knowledge),
    passed: undefined,
    ...letter,
  };
}

export function makeCase(changes: Partial<Case> = {}): Case {
  return {
    number: 'VS-2026-0042',
    list: 'linux-distros',
    receivedAt: noon,
    subject: '[vs] a flaw in frobnicate',
    subjectInClear: false,
    reporter: undefined,
    guests: [],
    state: 'open',
    ...changes,
  };
}

export function makeFiled(changes: Partial<FiledMessage> = {}): FiledMessage {
  return {
    caseNumber: 'VS-2026-0042',
    messageId: messageId('ours'),
    authorsMessageId: messageId('report'),
    from: address('rita@reporter.example'),
    subject: makeHead().subject,
    scope: 'list',
    contentDigest: makeOpened().contentDigest,
    signatureDigest: undefined,
    bodyDigests: [],
    inboxId: 'inbox-1',
    outsiders: [],
    at: noon,
    ...changes,
  };
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
