import { createHash } from 'node:crypto';

/**
 * Fingerprint of the primary key of an armoured v4 certificate (RFC 9580 §5.5.4.2), upper-case hexadecimal; undefined
 * for anything else. For show only, from a record of the keyholder: nothing is decided by it. The public site must not
 * reach a library that could hold keys.
 */
export function fingerprintOf(armour: string): string | undefined {
  const body =
    /-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:[^\r\n]+: [^\r\n]*\r?\n)*\r?\n([A-Za-z0-9+/=\s]+?)\r?\n(?:=[A-Za-z0-9+/]{4}\r?\n)?-----END/.exec(
      armour,
    )?.[1];
  const bytes = Buffer.from(body ?? '', 'base64');
  const packet = firstPacket(bytes);
  if (packet === undefined || packet.tag !== 6 || packet.body[0] !== 4) return undefined;
  const length = packet.body.length;
  const head = Uint8Array.of(0x99, length >> 8, length & 0xff);
  return createHash('sha1').update(head).update(packet.body).digest('hex').toUpperCase();
}

/** RFC 9580 §4.2: both header formats, definite lengths that a key packet can have. */
function firstPacket(bytes: Buffer): Readonly<{ tag: number; body: Buffer }> | undefined {
  const [first = 0, one = 0, two = 0] = bytes;
  const isNew = (first & 0x40) !== 0;
  const tag = isNew ? first & 0x3f : (first >> 2) & 0x0f;
  const wide = isNew ? one >= 192 && one < 224 : (first & 0x03) === 1;
  const length = !wide ? one : isNew ? ((one - 192) << 8) + two + 192 : (one << 8) + two;
  const start = wide ? 3 : 2;
  const known = (first & 0x80) !== 0 && (isNew ? one < 224 : (first & 0x03) < 2);
  return known && bytes.length >= start + length
    ? { tag, body: bytes.subarray(start, start + length) }
    : undefined;
}
