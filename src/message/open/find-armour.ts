/** Armoured blocks in text (RFC 9580 §6.2), as they come out of mail bodies. */
export type ArmouredText = Readonly<{
  /** Each from its BEGIN to its END line. */
  blocks: readonly string[];
  /** Everything else, trimmed; undefined when only white space. */
  around: string | undefined;
}>;

export type ArmourKind = 'MESSAGE' | 'SIGNED MESSAGE' | 'PUBLIC KEY BLOCK';

/** Each block costs a parse and perhaps a decryption; real mail has at most a handful. */
const maximumBlocks = 50;

const endKind: Readonly<Record<ArmourKind, string>> = {
  MESSAGE: 'MESSAGE',
  'SIGNED MESSAGE': 'SIGNATURE',
  'PUBLIC KEY BLOCK': 'PUBLIC KEY BLOCK',
};

/**
 * Finds blocks at the start of lines; blanks before are borne, quoted ones (`> `) are somebody else's mail and are
 * text. A block without an end line runs to the end of the text: cut mail is still tried, and reported as damaged.
 */
export function findArmour(text: string, kind: ArmourKind): ArmouredText {
  const begin = `-----BEGIN PGP ${kind}-----`;
  const end = `-----END PGP ${endKind[kind]}-----`;
  const blocks: string[] = [];
  let around = '';
  let from = 0;
  while (blocks.length < maximumBlocks) {
    const start = lineStart(text, begin, from);
    if (start < 0) break;
    const found = lineStart(text, end, start + begin.length);
    const stop = found < 0 ? text.length : endOfTextLine(text, found);
    around += text.slice(from, start);
    blocks.push(text.slice(start, stop));
    from = stop;
  }
  around = (around + text.slice(from)).trim();
  return { blocks, around: around === '' ? undefined : around };
}

/** Offset of the marker's line when only blanks stand before it. */
function lineStart(text: string, marker: string, from: number): number {
  for (let at = text.indexOf(marker, from); at >= 0; at = text.indexOf(marker, at + 1)) {
    let start = at;
    while (start > from && ' \t\u00a0\ufeff'.includes(text[start - 1] ?? '')) start -= 1;
    if (start === 0 || start === from || text[start - 1] === '\n') return start;
  }
  return -1;
}

function endOfTextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

/** The `Charset:` armour header that old programs write (RFC 9580 §6.2.2.5). */
export function armourCharset(block: string): string | undefined {
  // Blanks only: `\s` takes line ends, which `^` begins anew at, and a million of them would be looked at from each.
  return /^[ \t]*charset:[ \t]*(\S{1,64})/im.exec(block.slice(0, block.search(/\n\s*\n/)))?.[1];
}
