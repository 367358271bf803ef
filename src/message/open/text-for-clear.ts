import { joinBytes } from '../../mail/bytes.ts';
import { isWireSafe } from '../../mail/wire-safe.ts';

const encoder = new TextEncoder();

/** A text part that any SMTP carries: as it is where that is ASCII in short lines, else UTF-8 in base64. */
export function textForClear(text: string, base64: (bytes: Uint8Array) => string): Uint8Array {
  const bytes = encoder.encode(text.replace(/\r\n|\r|\n/g, '\r\n'));
  return isWireSafe(bytes)
    ? joinBytes(
        encoder.encode(
          'Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n',
        ),
        bytes,
      )
    : joinBytes(encoder.encode('Content-Type: text/plain; charset=utf-8\r\n'), base64Body(bytes, base64));
}

/** The end of a part's header and its body. */
export function base64Body(bytes: Uint8Array, base64: (bytes: Uint8Array) => string): Uint8Array {
  const lines = base64(bytes).replace(/(.{76})/g, '$1\r\n');
  return encoder.encode(`Content-Transfer-Encoding: base64\r\n\r\n${lines}\r\n`);
}
