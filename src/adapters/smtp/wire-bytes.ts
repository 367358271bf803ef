/**
 * Finds what SMTP must not carry in a mail: a CR or LF on its own (RFC 5321 §2.3.8: "MUST NOT be sent"), or NUL
 * (RFC 5322 §4). Servers disagree on what these mean, which is how one mail becomes two (SMTP smuggling).
 * Works chunk by chunk; a CR at a chunk's end waits for the next one.
 */
export type WireFault = 'bare-cr' | 'bare-lf' | 'nul';

const carriageReturn = 0x0d;
const lineFeed = 0x0a;

export function wireBytes() {
  let endsWithCarriageReturn = false;
  return {
    check(chunk: Buffer): WireFault | undefined {
      if (chunk.length === 0) return undefined;
      if (chunk.includes(0)) return 'nul';
      if (endsWithCarriageReturn && chunk[0] !== lineFeed) return 'bare-cr';
      for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, at + 1)) {
        const before = at === 0 ? endsWithCarriageReturn : chunk[at - 1] === carriageReturn;
        if (!before) return 'bare-lf';
      }
      const last = chunk.length - 1;
      for (let at = chunk.indexOf(carriageReturn); at >= 0; at = chunk.indexOf(carriageReturn, at + 1)) {
        if (at < last && chunk[at + 1] !== lineFeed) return 'bare-cr';
      }
      endsWithCarriageReturn = chunk[last] === carriageReturn;
      return undefined;
    },
    end(): WireFault | undefined {
      return endsWithCarriageReturn ? 'bare-cr' : undefined;
    },
  };
}
