import { joinBytes } from '../../mail/bytes.ts';
import type { Entity } from '../../mail/split-entity.ts';

/**
 * The author's root entity of a mail in clear: its Content-* fields as they stood, a blank line, the body byte for
 * byte (M1). Without any such field it begins with the blank line, which means text in us-ascii (RFC 2045 §5.2).
 */
export function contentEntity(root: Entity): Uint8Array {
  const fields = root.fields.filter((field) => field.lowerName.startsWith('content-'));
  const pieces = fields.map((field) => field.bytes);
  return joinBytes(...pieces.map(withCrlf), new TextEncoder().encode('\r\n'), withCrlf(root.body));
}

/** Text as an entity of ours, in UTF-8 when it is that, else as windows-1252, which shows every byte. */
export function plainEntity(data: Uint8Array): Uint8Array {
  return joinBytes(
    new TextEncoder().encode(
      `Content-Type: text/plain; charset=${isUtf8(data) ? 'utf-8' : 'windows-1252'}\r\n` +
        'Content-Transfer-Encoding: 8bit\r\n\r\n',
    ),
    withCrlf(data),
  );
}

export function isUtf8(data: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(data);
    return true;
  } catch {
    return false;
  }
}

const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/** Every bare LF becomes CRLF (RFC 3156 §3 wants CRLF); the same bytes when there is none. A bare CR stays. */
export function withCrlf(bytes: Uint8Array): Uint8Array {
  let bare = 0;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) {
    if (bytes[at - 1] !== carriageReturn) bare += 1;
  }
  if (bare === 0) return bytes;
  const out = new Uint8Array(bytes.length + bare);
  let length = 0;
  let previous = 0;
  for (const byte of bytes) {
    if (byte === lineFeed && previous !== carriageReturn) out[length++] = carriageReturn;
    out[length++] = byte;
    previous = byte;
  }
  return out;
}
