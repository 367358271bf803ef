/** Ciphertext as somebody on the way has it: taken out of a mail, its packets told apart, dressed in other ways. */
import assert from 'node:assert/strict';
import { packetContent, packetHeader, packetTag, readPackets } from '../../src/adapters/openpgp/packets.ts';
import type { Gnupg } from './gnupg.ts';

export type Ciphertext = Readonly<{ sessionKeys: Buffer; data: Buffer }>;

/** The last armoured message in a mail. */
export function armourIn(raw: string): string {
  const found = /-----BEGIN PGP MESSAGE-----[\s\S]*-----END PGP MESSAGE-----/.exec(raw)?.[0];
  assert.ok(found, 'the mail holds an OpenPGP message');
  return `${found}\n`;
}

/** The content of the encrypted data packet, without its framing, and what stands before it. */
export async function ciphertextOf(armour: string, gpg: Gnupg): Promise<Ciphertext> {
  const { stdout, code } = await gpg.run(['--dearmor'], armour);
  assert.equal(code, 0);
  const { packets } = readPackets(stdout, 50);
  const last = packets.at(-1);
  assert.ok(last?.tag === packetTag.integrityProtected, 'one data packet');
  const before = packets.slice(0, -1).map((packet) => packet.raw);
  return { sessionKeys: Buffer.concat(before), data: Buffer.from(packetContent(last)) };
}

export type Framing = 'long-length' | 'in-pieces';

/** The same message, its data packet framed in another way (RFC 9580 §4.2). */
export async function reframed({ sessionKeys, data }: Ciphertext, how: Framing, gpg: Gnupg): Promise<string> {
  const packets = Buffer.concat([sessionKeys, dataPacket(data, how)]);
  const { stdout, code } = await gpg.run(['--enarmor'], packets);
  assert.equal(code, 0);
  // `--enarmor` calls everything a file; RFC 9580 §6.2 has the name for a message.
  return Buffer.from(stdout)
    .toString()
    .replaceAll('PGP ARMORED FILE', 'PGP MESSAGE')
    .replace(/^Comment:.*\n/m, '');
}

function dataPacket(data: Buffer, how: Framing): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  switch (how) {
    case 'long-length':
      // Five octets where fewer would do.
      return Buffer.concat([Buffer.of(0xc0 | packetTag.integrityProtected, 255), length, data]);
    case 'in-pieces': {
      // RFC 9580 §4.2.1.4: the first piece has at least 512 octets.
      const rest = data.subarray(512);
      const header = packetHeader(packetTag.integrityProtected, rest.length).subarray(1);
      return Buffer.concat([
        Buffer.of(0xc0 | packetTag.integrityProtected, 0xe0 | 9),
        data.subarray(0, 512),
        header,
        rest,
      ]);
    }
  }
}
