import type { Mailbox } from '../../mail/letter-head.ts';
import { oneLine } from '../../mail/one-line.ts';
import { wrapText } from '../../mail/wrap-text.ts';
import { formatInstant } from '../../time/instant.ts';
import type { Finding } from '../judge/rule.ts';
import type { Letter, Signer } from '../letter/letter.ts';
import type { Opened } from '../open/opened.ts';

/**
 * Our part of a copy (M1): a few lines that say what the server knows and the author's text cannot. None of its lines
 * may parse as a command (A2): they all begin with one of these labels or with two blanks.
 */
export type OurPart = Readonly<{
  title: string;
  lines: readonly Readonly<{ label: string; text: string }>[];
}>;

const labelWidth = 13;
/** People read mail in 80 columns: what is wider, their programs would break in the middle of a word. */
const lineWidth = 78;
const rule = '-'.repeat(72);

export function writeOurPart(part: OurPart): string {
  const lines = part.lines.map(({ label, text }) => {
    const [first = '', ...more] = text.split('\n').flatMap(wrap);
    return [
      `${`${label}:`.padEnd(labelWidth)}${first}`,
      ...more.map((line) => `${' '.repeat(labelWidth)}${line}`),
    ].join('\n');
  });
  return `${[oneLine(part.title), rule, ...lines, rule].join('\n')}\n`;
}

/** What is broken hangs, so that the next thing told under the same label is seen as another. */
function wrap(line: string, _: number, all: readonly string[]): readonly string[] {
  // A command of ours is copied whole.
  if (line.startsWith('embargod ')) return [oneLine(line)];
  const hanging = all.length > 1 ? '  ' : '';
  const [first = '', ...more] = wrapText(oneLine(line), lineWidth - labelWidth - hanging.length);
  return [first, ...more.map((piece) => `${hanging}${piece}`)];
}

export function describeAuthor(author: Mailbox | undefined): string {
  if (!author) return 'no author named';
  return author.name ? `${author.name} <${author.address}>` : author.address;
}

/** The verdict as people read it; names the person the key belongs to, never what From says. */
export function describeSignature(opened: Opened, signer: Signer): string {
  const { signature } = opened;
  switch (signature.kind) {
    case 'none':
      return 'none';
    case 'invalid':
      return `INVALID, by key ${signature.keyId}: ${signature.reason}`;
    case 'unknown-key':
      return `by key ${signature.keyId}, which we do not know`;
    case 'valid':
      return `good, by ${describeSigner(signer)}\nkey ${signature.fingerprint}\nmade ${formatInstant(signature.signedAt)}`;
  }
}

function describeSigner(signer: Signer): string {
  switch (signer.kind) {
    case 'representative':
      return `${signer.representative.address} (${signer.representative.member})`;
    case 'participant':
      return `the ${signer.role} of ${signer.case.number}`;
    case 'enclosed':
      return 'the key that its author sent us; nobody vouches for whose it is';
    default:
      return 'a key we do not know';
  }
}

/** One word for the protected header field. */
export function verdictWord(opened: Opened): string {
  const { signature } = opened;
  switch (signature.kind) {
    case 'none':
      return 'none';
    case 'valid':
      return `good; ${signature.fingerprint}`;
    case 'invalid':
      return `invalid; ${signature.keyId}`;
    case 'unknown-key':
      return `unknown-key; ${signature.keyId}`;
  }
}

export function describeArrival(letter: Letter): string {
  const { encryption } = letter.opened;
  const how = encryption.kind === 'none' ? 'in clear' : `encrypted to ${encryption.list}`;
  return `${formatInstant(letter.receivedAt)}, ${how}`;
}

/** Marks that rules left, for members and administrators. */
export function describeMarks(marks: readonly Finding[]): string {
  return marks.map((mark) => mark.inside).join('\n');
}

/** The same for anybody else (A5, I9). */
export function describeMarksOutside(marks: readonly Finding[]): string {
  const texts = marks.map((mark) => mark.outside).filter((text) => text !== '');
  return texts.join('\n');
}
