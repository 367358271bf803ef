/**
 * Takes an encrypted message apart without decrypting anything: in the child, from hostile bytes. The session-key packets
 * are read first and capped, as 300 anonymous ones cost an RSA-4096 list key 13.5 s (TECH); nothing asymmetric happens here.
 */
import type { EncryptedMessage, ReadProblem } from '../../message/open/opening-tools.ts';
import { upperHex } from './key-material.ts';
import { type Packet, packetContent, packetTag, readPacket, writePacket } from './packets.ts';
import { isBinary, readArmorBlocks } from './read-armor.ts';

/** Nobody writes to more keys at once; each packet more would only be compared with our key ids. */
const maximumSessionKeyPackets = 1_024;

/** Each wildcard must be tried with every list key; mail programs that hide recipients use one per recipient of ours. */
const maximumWildcards = 2;

/** One RSA-16384 packet takes 2 KB: larger ones are no session-key packets that a key of ours could open. */
const maximumPacketBytes = 4 * 1024;

/** Markers, padding and unknown packets around the message (RFC 9580 §4.3, §5.8): no program writes more than one. */
const maximumPackets = maximumSessionKeyPackets + 64;

export const wildcardKeyId = '0000000000000000';

export function readEncrypted(bytes: Uint8Array): EncryptedMessage | ReadProblem {
  if (isBinary(bytes)) return readMessage(bytes);
  let problem: ReadProblem = { kind: 'problem', reason: 'not-encrypted' };
  for (const block of readArmorBlocks(bytes)) {
    // Some programs write `PGP MESSAGE, PART 1/1`; anything but keys and signatures is worth a look.
    if (!block.type.startsWith('MESSAGE')) continue;
    const read = readMessage(block.bytes);
    if (read.kind === 'encrypted') return read;
    problem = read;
  }
  return problem;
}

function readMessage(bytes: Uint8Array): EncryptedMessage | ReadProblem {
  const sessionKeyPackets: { keyId: string; bytes: Uint8Array }[] = [];
  let wildcards = 0;
  let offset = 0;
  for (let count = 0; offset < bytes.length; count++) {
    if (count >= maximumPackets) return { kind: 'problem', reason: 'too-many-packets' };
    const packet = readPacket(bytes, offset);
    if (packet === undefined) return { kind: 'problem', reason: 'damaged' };
    offset += packet.raw.length;
    if (isEncryptedData(packet)) {
      return {
        kind: 'encrypted',
        sessionKeyPackets,
        // K1: known again by its content, so its framing must not tell it apart.
        body: writePacket(packet.tag, packetContent(packet)),
      };
    }
    if (packet.tag !== packetTag.publicKeySessionKey) {
      if (!mayPrecede(packet)) return { kind: 'problem', reason: 'not-encrypted' };
      continue;
    }
    const keyId = keyIdOf(packet);
    if (keyId === undefined || (keyId === wildcardKeyId && ++wildcards > maximumWildcards)) continue;
    sessionKeyPackets.push({ keyId, bytes: packet.raw });
  }
  return { kind: 'problem', reason: sessionKeyPackets.length > 0 ? 'damaged' : 'not-encrypted' };
}

function isEncryptedData(packet: Packet): boolean {
  return (
    packet.tag === packetTag.integrityProtected ||
    packet.tag === packetTag.aeadEncrypted ||
    packet.tag === packetTag.symmetricallyEncrypted
  );
}

/** Tags from 40 on are to be ignored when unknown (RFC 9580 §4.3). */
function mayPrecede(packet: Packet): boolean {
  const tags: readonly number[] = [packetTag.symmetricSessionKey, packetTag.marker, packetTag.padding];
  return tags.includes(packet.tag) || packet.tag >= 40;
}

/** The key a PKESK names (RFC 9580 §5.1.1, §5.1.2); undefined for a version or shape that is none of ours. */
export function keyIdOf(packet: Packet): string | undefined {
  const { body } = packet;
  if (body === undefined || body.length > maximumPacketBytes) return undefined;
  if (body[0] === 3 && body.length > 9) return upperHex(body.subarray(1, 9));
  // Version 6 names a whole fingerprint; of a v4 key the id is its end.
  if (body[0] !== 6) return undefined;
  if (body[1] === 0) return wildcardKeyId;
  return body[1] === 21 && body[2] === 4 ? upperHex(body.subarray(15, 23)) : undefined;
}
