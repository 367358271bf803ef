/**
 * Another copy of a known certificate, read for what it adds; by packets alone (RFC 9580 §10.1), in the keyholder. Every
 * packet that is known stays where it is; only signatures come in, behind the packet that they are about; no key ever
 * does. So neither who published the copy nor a child taken over (P3) can take a revocation out or let a reader in
 * (I10). What the signatures are worth is asked of the child each time, as of all others. openpgp.js's own
 * `key.update()` is not used: it replaces a binding by a newer one without checking that.
 */
import { joinBytes } from '../../mail/bytes.ts';
import type { Certificate, MergeCertificate } from '../../membership/certificate.ts';
import { readPublicKey, upperHex } from './key-material.ts';
import { type Packet, packetTag, readPackets } from './packets.ts';

/** As many as the child reads of one certificate; more would only burn our time. */
const maximumPackets = 10_000;

/**
 * Once it is that large, nothing but revocations is added: an owner who signs something new every day must not grow it
 * beyond what the child reads, 1 MiB.
 */
const largestGrown = 512 * 1024;

/** RFC 9580 §5.2.1: of a key, of a subkey, of a certification. */
const revocations: readonly number[] = [0x20, 0x28, 0x30];

/** What signatures stand behind (RFC 9580 §10.1): primary key, user id, user attribute, subkey. */
const userAttributeTag = 17;
const heads: readonly number[] = [
  packetTag.publicKey,
  packetTag.userId,
  userAttributeTag,
  packetTag.publicSubkey,
];

type Section = Readonly<{ head: Packet; behind: readonly Packet[] }>;

export const mergeCertificate: MergeCertificate = (known, copy) => {
  const ours = sectionsOf(known.bytes);
  const theirs = sectionsOf(copy.bytes);
  const same = ours?.[0] && theirs?.[0] && nameOf(ours[0].head) === nameOf(theirs[0].head);
  if (!ours || !theirs || !same) return { revoked: known, whole: known, furtherKeys: [] };
  const copies = new Map(theirs.map((section) => [nameOf(section.head), section.behind]));
  const withAll = (wanted: (signature: Packet) => boolean): Certificate => {
    const added = ours.map((section) => additions(section, copies.get(nameOf(section.head)) ?? [], wanted));
    if (added.every((packets) => packets.length === 0)) return known;
    const packets = ours.flatMap(({ head, behind }, index) => [head, ...behind, ...(added[index] ?? [])]);
    return { ...known, bytes: joinBytes(...packets.map(({ raw }) => raw)) };
  };
  const revoked = withAll(isRevocation);
  const whole = withAll(() => true);
  const names = new Set(ours.map(({ head }) => nameOf(head)));
  return {
    revoked,
    whole: whole.bytes.length > largestGrown ? revoked : whole,
    furtherKeys: theirs
      .filter(({ head }) => head.tag === packetTag.publicSubkey && !names.has(nameOf(head)))
      .flatMap(({ head }) => (head.body && readPublicKey(head.body)?.keyId) ?? []),
  };
};

/** Undefined where it is not one whole certificate. */
function sectionsOf(bytes: Uint8Array): readonly Section[] | undefined {
  const { packets, complete } = readPackets(bytes, maximumPackets);
  if (!complete || packets[0]?.tag !== packetTag.publicKey) return undefined;
  const sections: { head: Packet; behind: Packet[] }[] = [];
  for (const packet of packets) {
    if (heads.includes(packet.tag)) sections.push({ head: packet, behind: [] });
    else sections.at(-1)?.behind.push(packet);
  }
  return sections;
}

function additions(
  { behind }: Section,
  candidates: readonly Packet[],
  wanted: (signature: Packet) => boolean,
): readonly Packet[] {
  const known = new Set(behind.map(statementOf));
  const added: Packet[] = [];
  for (const packet of candidates) {
    const statement = statementOf(packet);
    if (packet.tag !== packetTag.signature || known.has(statement) || !wanted(packet)) continue;
    known.add(statement);
    added.push(packet);
  }
  return added;
}

function isRevocation({ body }: Packet): boolean {
  return body?.[0] === 4 && revocations.includes(body[1] ?? 0);
}

function nameOf({ tag, body }: Packet): string {
  return `${tag} ${upperHex(body ?? new Uint8Array())}`;
}

/** A version 4 signature without the part that it does not cover, which anybody may change (RFC 9580 §5.2.3). */
function statementOf(packet: Packet): string {
  const { body } = packet;
  if (body?.[0] !== 4 || body.length < 6) return nameOf(packet);
  const hashedEnd = 6 + twoOctets(body, 4);
  const rest = hashedEnd + 2 + twoOctets(body, hashedEnd);
  return nameOf({ ...packet, body: joinBytes(body.subarray(0, hashedEnd), body.subarray(rest)) });
}

function twoOctets(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
