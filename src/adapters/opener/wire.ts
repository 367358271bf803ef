import { z } from 'zod';
import { type Address, parseAddress } from '../../mail/address.ts';
import { maximumMailboxes } from '../../mail/address-list.ts';
import { maximumHeaderFields } from '../../mail/header-fields.ts';
import type { LetterHead, Mailbox, MessageId } from '../../mail/letter-head.ts';
import { maximumReferences, parseMessageId } from '../../mail/message-ids.ts';
import { isWireSafe } from '../../mail/wire-safe.ts';
import type { Certificate, ExaminedCertificate } from '../../membership/certificate.ts';
import type {
  ClearEntity,
  Opened,
  OpeningTask,
  SessionKey,
  SignatureVerdict,
  Unopenable,
} from '../../message/open/opened.ts';
import {
  largestInClear,
  maximumDeliveryActions,
  maximumListedParts,
  partType,
} from '../../message/open/opened-limits.ts';
import { type Instant, instantFromMilliseconds } from '../../time/instant.ts';

/**
 * What may travel between keyholder and child, validated on both sides: unknown fields, kinds and sizes are refused.
 * `undefined` travels as null. Every string and list is capped, as the child's word is a stranger's word (P3).
 */

const bytes = z.instanceof(Uint8Array);
const text = (maximum: number) => z.string().max(maximum);
const orUndefined = <T extends z.ZodType>(schema: T) =>
  z.union([schema, z.null().transform((): undefined => undefined)]);

const keyId = z.string().regex(/^[0-9A-F]{16}$/);
const fingerprint = z.string().regex(/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const listName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/);
const fileName = orUndefined(text(1_000));

const instant: z.ZodType<Instant> = z.int().transform((value) => instantFromMilliseconds(value));

const address: z.ZodType<Address> = text(320).transform((value, context) => {
  const parsed = parseAddress(value);
  if (parsed) return parsed;
  context.addIssue('no address');
  return z.NEVER;
});

const messageId: z.ZodType<MessageId> = text(1_000).transform((value, context) => {
  const parsed = parseMessageId(value);
  if (parsed) return parsed;
  context.addIssue('no message id');
  return z.NEVER;
});

const mailbox: z.ZodType<Mailbox> = z.strictObject({ name: orUndefined(text(300_000)), address });
/** A repeated To adds up; still no more than a header of full size can name. */
const mailboxes = z.array(mailbox).max(50 * maximumMailboxes);
const messageIds = z.array(messageId).max(maximumReferences);

const letterHead: z.ZodType<LetterHead> = z.strictObject({
  from: mailboxes,
  sender: orUndefined(mailbox),
  replyTo: mailboxes,
  to: mailboxes,
  cc: mailboxes,
  subject: text(10_000),
  date: orUndefined(instant),
  messageId: orUndefined(messageId),
  inReplyTo: messageIds,
  references: messageIds,
  autoSubmitted: orUndefined(text(300_000)),
  precedence: orUndefined(text(300_000)),
  listId: orUndefined(text(300_000)),
  resentTo: mailboxes,
  names: z
    .array(text(300_000))
    .max(2 * maximumHeaderFields)
    .transform((names): ReadonlySet<string> => new Set(names)),
  repeated: z.array(text(100)).max(100),
});

const certificate: z.ZodType<Certificate> = z.strictObject({
  fingerprint,
  bytes,
  userIds: z.array(text(5_000)).max(1_000),
  createdAt: instant,
});

const signature: z.ZodType<SignatureVerdict> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('valid'), fingerprint, signedAt: instant, digest }),
  z.strictObject({ kind: z.literal('invalid'), keyId: text(64), reason: text(1_000) }),
  z.strictObject({ kind: z.literal('unknown-key'), keyId: text(64) }),
]);

const innerPart = z.strictObject({
  fileName,
  contentType: z.string().regex(partType),
  bytes,
  signature,
  bodyDigest: digest,
});

const unopenedPart = z.strictObject({
  fileName,
  keyIds: z.array(text(64)).max(64),
  reason: z.enum(['not-for-us', 'damaged', 'too-deep', 'too-many', 'too-large']),
});

/** Checked again, as it leaves as it is (R3). */
const clearEntity: z.ZodType<ClearEntity> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fit'), bytes: bytes.refine(isFitForClear) }),
  z.strictObject({ kind: z.literal('unfit') }),
  z.strictObject({ kind: z.literal('too-large') }),
]);

function isFitForClear(value: Uint8Array): boolean {
  return value.length <= largestInClear && isWireSafe(value);
}

const opened: z.ZodType<Opened> = z.strictObject({
  outer: letterHead,
  head: letterHead,
  encryption: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({ kind: z.enum(['pgp-mime', 'inline']), keyId, list: listName }),
  ]),
  signature,
  enclosedCertificates: z.array(certificate).max(50),
  entity: bytes,
  inner: z.array(innerPart).max(maximumListedParts),
  unopened: z.array(unopenedPart).max(200),
  text: z.string(),
  signedText: orUndefined(z.string()),
  clearEntity,
  hasAttachment: z.boolean(),
  deliveryActions: orUndefined(z.array(text(100)).max(maximumDeliveryActions)),
  textAround: orUndefined(z.string()),
  contentDigest: digest,
  bodyDigest: orUndefined(digest),
});

const unopenable: z.ZodType<Unopenable> = z.strictObject({
  kind: z.literal('unopenable'),
  reason: z.enum([
    'not-for-us',
    'damaged',
    'too-large',
    'too-many-parts',
    'unreadable-structure',
    'child-failed',
  ]),
  detail: text(500),
  outer: orUndefined(letterHead),
});

/** A packet holds one encrypted session key: RSA-16384 would take 2 KB. */
const packet = z.strictObject({ keyId, bytes: bytes.refine((value) => value.length <= 4_096) });

/** Subkeys that are looked at, and the largest key packet: RSA-16384. */
const examined: z.ZodType<ExaminedCertificate> = z.strictObject({
  certificate,
  use: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('usable'),
      encryptionKeyIds: z.array(keyId).min(1).max(65),
      expiresAt: orUndefined(instant),
    }),
    z.strictObject({
      kind: z.literal('unusable'),
      fault: z.enum([
        'expired',
        'revoked',
        'weak',
        'no-encryption-key',
        'unsupported-version',
        'not-yet-valid',
        'unreadable',
      ]),
    }),
  ]),
  encryptionKeys: z.array(bytes.refine((value) => value.length <= 4_096)).max(65),
  holds: z.strictObject({ from: orUndefined(instant), until: orUndefined(instant) }),
});

/** What the child may say. */
export const fromChild = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ask'), packets: z.array(packet).min(1).max(16) }),
  z.strictObject({ kind: z.literal('opened'), mail: opened, last: z.boolean() }),
  z.strictObject({ kind: z.literal('unopenable'), mail: unopenable, last: z.boolean() }),
  z.strictObject({
    kind: z.literal('examined'),
    certificates: z.array(examined).max(200),
    last: z.boolean(),
  }),
]);

const sessionKey: z.ZodType<SessionKey> = z.strictObject({
  algorithm: z.enum(['aes128', 'aes192', 'aes256']),
  bytes,
});

const task: z.ZodType<OpeningTask> = z.strictObject({
  raw: bytes,
  listKeyIds: z.array(keyId),
  certificates: z.array(certificate),
  now: instant,
});

/** What the keyholder may say. */
export const fromKeyholder = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), task }),
  z.strictObject({
    kind: z.literal('examine'),
    bytes,
    now: instant,
    extent: z.enum(['whole', 'own-word']),
  }),
  z.strictObject({
    kind: z.literal('session-key'),
    answer: orUndefined(z.strictObject({ sessionKey, keyId, list: listName })),
  }),
]);
