/**
 * What must not slip out with a posting (U1): asked of every mail to a public list before anybody may deliver it. Pure,
 * over hostile bytes, and knows of the private side only what the directory tells everybody; whether a posting fits an
 * open case is the keyholder's to say.
 */
import { type Address, domainOf, localPart, parseAddress } from '../mail/address.ts';
import { asLatin1 } from '../mail/charset.ts';
import { textOfEntity } from '../mail/entity-text.ts';
import type { HeaderField } from '../mail/header-fields.ts';
import { readListAddress } from '../mail/list-address.ts';
import { readLetterHead } from '../mail/read-letter-head.ts';
import { type Entity, splitEntity, walk } from '../mail/split-entity.ts';
import { hasTag } from '../mail/subject-tag.ts';
import { decodeTransfer } from '../mail/transfer-encoding.ts';
import type { DirectoryEntry } from './directory-record.ts';

/** Why a posting waits for a moderator who looks closely; none: it waits like any other. */
export type HeldFor =
  | 'names-a-private-address'
  | 'answers-a-private-message'
  | 'holds-openpgp'
  | 'has-the-tag-of-reports'
  | 'cannot-be-read';

export type Posting = Readonly<{ recipients: readonly Address[]; raw: Uint8Array }>;

export function screenPosting(posting: Posting, directory: readonly DirectoryEntry[]): readonly HeldFor[] {
  const split = splitEntity(posting.raw);
  // I5: what we cannot take apart, a reader's program may.
  if (split.kind === 'problem') return ['cannot-be-read'];
  const entities = walk(split.entity);
  // Forwarded and returned mail too: their header says where they came from.
  const fields = entities.flatMap((entity) => entity.fields);
  const texts = entities.filter(isText).map((entity) => textOfEntity(entity));
  const head = readLetterHead(split.entity.fields);
  const mailboxes = [...head.from, ...head.replyTo, ...head.to, ...head.cc, ...head.resentTo];
  const addressed = [...posting.recipients, ...mailboxes.map((mailbox) => mailbox.address)];
  const found: Readonly<Record<HeldFor, boolean>> = {
    'names-a-private-address': namesPrivate(addressed, fields, directory),
    'answers-a-private-message': fields.some((field) => namesOurMessage(field, directory)),
    'holds-openpgp': entities.some(isEncrypted) || texts.some((text) => text.includes(armour)),
    'has-the-tag-of-reports': [head.subject, ...texts].some(hasTag),
    'cannot-be-read': false,
  };
  return reasons.filter((reason) => found[reason]);
}

const reasons: readonly HeldFor[] = [
  'names-a-private-address',
  'answers-a-private-message',
  'holds-openpgp',
  'has-the-tag-of-reports',
];

const armour = '-----BEGIN PGP MESSAGE-----';

/** Whatever looks like an address, in whatever field: programs put them into dozens. */
const addressLike = /[^\s<>()",;:@[\]]+@[^\s<>()",;:@[\]]+/g;

/** Envelope and header alike; a case address of a private list, open or not, as nobody here knows (R8). */
function namesPrivate(
  addressed: readonly Address[],
  fields: readonly HeaderField[],
  directory: readonly DirectoryEntry[],
): boolean {
  const lists = directory.filter((entry) => entry.kind === 'private').map((entry) => entry.name);
  const domains = new Set(directory.flatMap(({ address }) => domainsOf(parseAddress(address))));
  const named = fields.flatMap(({ value }) => value.match(addressLike) ?? []).map(parseAddress);
  return [...addressed, ...named].some((address) => {
    if (!address || !domains.has(domainOf(address))) return false;
    // Postmaster and abuse belong to no list, and a posting may name them.
    return (
      readListAddress(address, domainOf(address), lists) !== undefined &&
      !/^(postmaster|abuse)$/i.test(localPart(address))
    );
  });
}

/** M3: our ids are random, under our own domain. */
const ownId = /<(?:notice\.)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}@([^<>@\s]+)>/gi;

function namesOurMessage({ lowerName, value }: HeaderField, directory: readonly DirectoryEntry[]): boolean {
  if (!['in-reply-to', 'references', 'message-id', 'resent-message-id'].includes(lowerName)) return false;
  const domains = directory.flatMap(({ address }) => domainsOf(parseAddress(address)));
  return [...value.matchAll(ownId)].some(([, domain = '']) => domains.includes(domain.toLowerCase()));
}

function domainsOf(address: Address | undefined): readonly string[] {
  return address ? [domainOf(address)] : [];
}

function isText({ contentType, children }: Entity): boolean {
  return children.length === 0 && contentType.value.startsWith('text/');
}

/** By its type, or by its first bytes: armour, or a session-key packet (RFC 9580 §4.2, tags 1 and 3). */
function isEncrypted(entity: Entity): boolean {
  if (/^(multipart\/encrypted|application\/pgp(-encrypted)?)$/.test(entity.contentType.value)) return true;
  if (entity.children.length > 0 || isText(entity)) return false;
  const bytes = decodeTransfer(entity.body, entity.transferEncoding);
  const [first = 0] = bytes;
  const tag = first >= 0xc0 ? first & 0x3f : (first & 0x3c) >> 2;
  return (first >= 0x80 && (tag === 1 || tag === 3)) || asLatin1(bytes).includes(armour);
}
