/**
 * Takes one mail in: decides which inbox it belongs to, seals it whole when any recipient is a private list (K2),
 * and inserts one row. What it returns as accepted is committed; everything else the peer keeps and tries again.
 */
import { type Address, parseAddress } from '../../mail/address.ts';
import { type ListAddress, readListAddress } from '../../mail/list-address.ts';
import type { ReversePath } from '../../mail/reverse-path.ts';
import type { Instant } from '../../time/instant.ts';
import type { InboxStore } from '../door-ports.ts';
import type { DoorRow, Sealed } from '../ports.ts';
import { type Envelope, joinEnvelope, type MailAuthentication } from './envelope.ts';
import type { TrustedDoors } from './trust-doors.ts';

/** A mail that the door has taken in whole, every recipient answered by `readRecipient` before. */
export type Transaction = Readonly<{
  peer: string;
  helo: string;
  tls: boolean;
  mailFrom: ReversePath | '';
  recipients: readonly Address[];
  raw: Uint8Array;
}>;

export type ReceivePorts = Readonly<{
  domain: string;
  doors: () => TrustedDoors | undefined;
  /** Reads them again. */
  refreshDoors: () => Promise<void>;
  store: Pick<InboxStore, 'insertPrivate' | 'insertPublic'>;
  sealAtDoor: (bytes: Uint8Array, storageCertificate: Uint8Array, now: Instant) => Promise<Sealed>;
  authenticate: (transaction: Transaction) => Promise<MailAuthentication>;
  newId: () => string;
}>;

export type Received =
  | Readonly<{ kind: 'accepted'; id: string }>
  | Readonly<{ kind: 'not-now'; reason: 'no-door' | 'storage-full' | 'storage-failed' | 'sealing-failed' }>;

/** What RCPT is answered: nothing is looked up but the names of lists (R8). */
export type RecipientReading =
  | Readonly<{ kind: 'ours'; address: Address; means: ListAddress }>
  | Readonly<{ kind: 'malformed' | 'relay' | 'unknown' | 'no-doors' }>;

export function readRecipient(
  given: string,
  domain: string,
  doors: TrustedDoors | undefined,
): RecipientReading {
  // RFC 5321 §4.1.1.3: `<postmaster>` without a domain.
  const text = given.toLowerCase() === 'postmaster' ? `postmaster@${domain}` : given;
  const address = parseAddress(text);
  if (!address) return { kind: 'malformed' };
  if (!text.toLowerCase().endsWith(`@${domain.toLowerCase()}`)) return { kind: 'relay' };
  if (!doors || doors.rows.length === 0) return { kind: 'no-doors' };
  const means = readListAddress(
    address,
    domain,
    doors.rows.map((row) => row.list),
  );
  return means ? { kind: 'ours', address, means } : { kind: 'unknown' };
}

export async function receive(
  transaction: Transaction,
  ports: ReceivePorts,
  now: Instant,
): Promise<Received> {
  const doors = ports.doors();
  const addressed = doorsAddressed(transaction, ports.domain, doors);
  if (!addressed) return { kind: 'not-now', reason: 'no-door' };
  const envelope: Envelope = {
    receivedAt: now,
    peer: transaction.peer,
    helo: transaction.helo,
    tls: transaction.tls,
    mailFrom: transaction.mailFrom,
    recipients: transaction.recipients,
    authentication: await ports.authenticate(transaction),
  };
  const { raw } = transaction;
  const taken = await insert({ envelope, raw, doors: addressed }, ports);
  if (taken !== 'old-door') return taken;
  // K6: its keys were replaced between our reading the door and the insert. Nothing was taken; the new door does.
  await ports.refreshDoors();
  const again = doorsAddressed(transaction, ports.domain, ports.doors());
  const second = again && (await insert({ envelope, raw, doors: again }, ports));
  return !second || second === 'old-door' ? { kind: 'not-now', reason: 'no-door' } : second;
}

function insert(arrived: Arrived, ports: ReceivePorts): Promise<Received | 'old-door'> {
  const privately = arrived.doors.filter((row) => row.kind === 'private');
  return privately.length > 0
    ? insertPrivately({ ...arrived, doors: privately }, ports)
    : insertPublicly(arrived, ports);
}

/** A mail as it came in, and the doors it is for. */
type Arrived = Readonly<{ envelope: Envelope; raw: Uint8Array; doors: readonly DoorRow[] }>;

/** The doors of every recipient, once each; undefined when one has none (any more): then nothing is taken. */
function doorsAddressed(
  transaction: Transaction,
  domain: string,
  doors: TrustedDoors | undefined,
): readonly DoorRow[] | undefined {
  const found = new Set<DoorRow>();
  for (const recipient of transaction.recipients) {
    const reading = readRecipient(recipient, domain, doors);
    const row = reading.kind === 'ours' ? doorOf(reading.means, doors?.rows ?? []) : undefined;
    if (!row) return undefined;
    found.add(row);
  }
  return found.size > 0 ? [...found] : undefined;
}

/** Mail to owners and postmaster is private: what people tell administrators may be a report (RFC 5321 §4.5.1). */
function doorOf(means: ListAddress, rows: readonly DoorRow[]): DoorRow | undefined {
  const named = rows.find((row) => row.list === means.list);
  if (means.kind !== 'owner' || named?.kind === 'private') return named;
  return rows.find((row) => row.kind === 'private') ?? named ?? rows[0];
}

/** One row for the whole mail, public recipients included: no private cleartext may rest in the public inbox (I2). */
async function insertPrivately(
  { envelope, raw, doors }: Arrived,
  ports: ReceivePorts,
): Promise<Received | 'old-door'> {
  const first = doors[0];
  if (!first) return { kind: 'not-now', reason: 'no-door' };
  const whole = joinEnvelope(envelope, raw);
  let sealed: Sealed;
  try {
    sealed = await ports.sealAtDoor(whole, first.storageCertificate, envelope.receivedAt);
  } catch {
    return { kind: 'not-now', reason: 'sealing-failed' };
  } finally {
    whole.fill(0);
  }
  const id = ports.newId();
  return commit(id, () =>
    ports.store.insertPrivate({
      id,
      receivedAt: envelope.receivedAt,
      lists: doors.map((row) => row.list),
      epoch: first.epoch,
      sizeClass: sizeClass(raw.length),
      sealed,
    }),
  );
}

async function insertPublicly(
  { envelope, raw, doors }: Arrived,
  ports: ReceivePorts,
): Promise<Received | 'old-door'> {
  const id = ports.newId();
  return commit(id, () =>
    ports.store.insertPublic({
      id,
      receivedAt: envelope.receivedAt,
      lists: doors.map((row) => row.list),
      envelope: JSON.stringify(envelope),
      raw,
    }),
  );
}

async function commit(id: string, work: () => Promise<void>): Promise<Received | 'old-door'> {
  try {
    await work();
    return { kind: 'accepted', id };
  } catch (error) {
    if (hasCode(error, oldDoorCodes)) return 'old-door';
    return { kind: 'not-now', reason: hasCode(error, fullCodes) ? 'storage-full' : 'storage-failed' };
  }
}

/** PostgreSQL's `disk_full` (class 53), and the operating system's own words for it. */
const fullCodes = ['53100', 'ENOSPC', 'EDQUOT'];

/** PostgreSQL's `foreign_key_violation`: the epoch that the door named is no more. */
const oldDoorCodes = ['23503'];

function hasCode(error: unknown, codes: readonly string[]): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
  );
}

/** Smaller mails count as 4 KiB: the exact size of a short report would tell which one it is. */
const smallestSizeClass = 12;

function sizeClass(bytes: number): number {
  return Math.max(smallestSizeClass, Math.ceil(Math.log2(Math.max(bytes, 1))));
}
