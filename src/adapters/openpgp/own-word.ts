/** For the child (P3): what remains of a certificate when only its own primary key is believed. */
import {
  type AnyKeyPacket,
  type AnyPacket,
  enums,
  PacketList,
  type PublicKey,
  PublicKeyPacket,
  PublicSubkeyPacket,
  SignaturePacket,
  UserIDPacket,
} from 'openpgp';
import { enableBrainpool } from './brainpool.ts';
import { openpgpConfig } from './openpgp-config.ts';

/** A flooded certificate: each signature that names the key costs a check. People have some dozens. */
const maximumChecks = 500;

/** What a signature may be about, by where it stands (RFC 9580 §10.1.1). */
const types = enums.signature;
const ofPrimary: readonly number[] = [types.key, types.keyRevocation];
const ofUser: readonly number[] = [
  types.certGeneric,
  types.certPersona,
  types.certCasual,
  types.certPositive,
  types.certRevocation,
];
const ofSubkey: readonly number[] = [types.subkeyBinding, types.subkeyRevocation];

type Section = {
  packets: AnyPacket[];
  allowed: readonly number[];
  signed: object;
  /** A subkey that is only revoked was never bound; a user id without a signature says nothing. */
  stands: (type: number) => boolean;
  standing: boolean;
};

/**
 * Key, user id and subkey packets, each behind it what the primary key has signed about it, valid as of `date`. What it has
 * not signed is left out, of subkeys those that it has not bound.
 */
export async function ownWord(key: PublicKey, date: Date): Promise<Uint8Array> {
  enableBrainpool();
  const primary = key.keyPacket;
  const sections: Section[] = [];
  let checks = 0;
  for (const packet of key.toPacketList()) {
    const section = sections.at(-1);
    if (!(packet instanceof SignaturePacket)) {
      sections.push(sectionOf(packet, primary));
      continue;
    }
    const type = packet.signatureType;
    if (!section || type === null || !section.allowed.includes(type)) continue;
    if (!packet.issuerKeyID.equals(primary.getKeyID())) continue;
    checks += 1;
    if (checks > maximumChecks) break;
    if (!(await isGood(packet, primary, { type, signed: section.signed, date }))) continue;
    section.packets.push(packet);
    section.standing ||= section.stands(type);
  }
  const kept = new PacketList<AnyPacket>();
  for (const section of sections) if (section.standing) kept.push(...section.packets);
  return kept.write();
}

function sectionOf(packet: AnyPacket, primary: AnyKeyPacket): Section {
  const begun = { packets: [packet], standing: false };
  // A subkey's class is one of the primary's kind: it is asked first.
  if (packet instanceof PublicSubkeyPacket) {
    const stands = (type: number) => type === types.subkeyBinding;
    return { ...begun, allowed: ofSubkey, signed: { key: primary, bind: packet }, stands };
  }
  if (packet instanceof PublicKeyPacket)
    return { ...begun, allowed: ofPrimary, signed: { key: primary }, stands: () => true, standing: true };
  if (packet instanceof UserIDPacket)
    return { ...begun, allowed: ofUser, signed: { key: primary, userID: packet }, stands: () => true };
  // A picture: nobody's word about it changes what a copy is sealed to.
  return { ...begun, allowed: [], signed: {}, stands: () => false };
}

function isGood(
  signature: SignaturePacket,
  primary: AnyKeyPacket,
  about: Readonly<{ type: number; signed: object; date: Date }>,
): Promise<boolean> {
  return signature.verify(primary, about.type, about.signed, about.date, false, openpgpConfig).then(
    () => true,
    () => false,
  );
}
