/**
 * A posting's text as a reader's eye divides it: what is quoted, what is a patch, what is a signature. Linear in its
 * length; joined again, the lines of all blocks are the text.
 */
export type TextBlock = Readonly<{
  kind: 'text' | 'quote' | 'patch' | 'signature' | 'armour';
  lines: readonly string[];
}>;

export function textBlocks(text: string): readonly TextBlock[] {
  const lines = withoutLastBreaks(text).split('\n');
  const signature = signatureStart(lines);
  const blocks: TextBlock[] = [];
  let open: { kind: TextBlock['kind']; lines: string[] } | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const kind = at >= signature ? 'signature' : kindOf(line, open?.kind, lines[at + 1] ?? '');
    if (open?.kind !== kind) {
      open = { kind, lines: [] };
      blocks.push(open);
    }
    open.lines.push(line);
  }
  return blocks;
}

/** By hand: a pattern for breaks at the end tries each break of a megabyte of them that ends in a letter. */
function withoutLastBreaks(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\n') end -= 1;
  return text.slice(0, end);
}

/** What programs take for a signature: at the end, after `-- ` (RFC 3676 §4.3), and short. */
const longestSignature = 20;

function signatureStart(lines: readonly string[]): number {
  for (let at = lines.length - 1; at >= Math.max(0, lines.length - longestSignature); at -= 1)
    if (lines[at] === '-- ') return at;
  return lines.length;
}

const armourBegins = /^-----BEGIN PGP (SIGNATURE|SIGNED MESSAGE|PUBLIC KEY BLOCK|MESSAGE)-----/;
const patchBegins = /^(diff --git |Index: \S|--- \S)/;
const patchLine =
  /^([ +\-@\\]|diff |index [0-9a-f]|similarity |rename |copy |new file |deleted file |old mode |new mode |$)/;

function kindOf(line: string, before: TextBlock['kind'] | undefined, next: string): TextBlock['kind'] {
  if (before === 'armour' && !line.startsWith('-----END PGP ')) return armourEnds(line) ? 'text' : 'armour';
  if (line.startsWith('-----END PGP ')) return 'armour';
  if (line.startsWith('-----') && armourBegins.test(line) && !line.includes('SIGNED MESSAGE'))
    return 'armour';
  if (line.startsWith('>')) return 'quote';
  if (before === 'patch' && patchLine.test(line)) return 'patch';
  if (patchBegins.test(line) && (!line.startsWith('--- ') || next.startsWith('+++ '))) return 'patch';
  return 'text';
}

/** Armour is base64, checksum and header lines: what is neither is somebody's text, whatever stood before it. */
function armourEnds(line: string): boolean {
  return !/^[A-Za-z0-9+/=]*\r?$/.test(line) && !/^[A-Za-z-]+: /.test(line);
}
