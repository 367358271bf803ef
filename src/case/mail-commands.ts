/**
 * Commands by mail (A2): lines `Embargod: VS-2026-0042 clear-ok` at the very top of what its author wrote and signed.
 * Given is text that a verification returned, and nothing else; every line yields a command or the reason why it is
 * none. Whether the signature still counts is `command-signature.ts`; what a command does, its own place.
 */
import { type MailCommand, registry } from './commands/registry.ts';

/** One line that was meant as a command. `line` as it stood, for telling its writer. */
export type CommandLine =
  | Readonly<{ kind: 'command'; line: string; caseNumber: string; command: MailCommand }>
  | Readonly<{ kind: 'not-understood'; line: string; why: string }>;

export type ReadText = Readonly<{
  lines: readonly CommandLine[];
  /** The text without its commands, as it is passed on. */
  rest: string;
}>;

/** Each line becomes a sentence of an answer: a mail full of commands would make us write a book. */
export const maximumCommands = 20;
/** A longer line is prose, or made to slow us down. */
const longestLine = 500;

/** A word of ours at the very beginning of a line: a quote (`>`), an indent or any text before it makes it none. */
const commandLine = /^Embargod:/i;
const caseNumberPattern = /^VS-\d{4}-\d{4,6}$/;

/**
 * Reads from the top, over blank lines, and stops at the first line that is none: an attribution, a quote, a forwarded
 * header, `-- `, or what the author has to say. `text` has lines ended by LF.
 */
export function readCommands(text: string): ReadText {
  const all = text.split('\n');
  const lines: CommandLine[] = [];
  let end = 0;
  for (const [index, line] of all.entries()) {
    if (commandLine.test(line)) {
      lines.push(lines.length < maximumCommands ? readLine(line.trimEnd()) : tooMany(line));
      end = index + 1;
    } else if (line.trim() !== '') break;
  }
  return {
    lines,
    rest:
      lines.length === 0
        ? text
        : all
            .slice(end)
            .join('\n')
            .replace(/^\s*\n/, ''),
  };
}

function readLine(line: string): CommandLine {
  if (line.length > longestLine) return notUnderstood(line, 'the line is too long for a command');
  const [number = '', name = '', ...words] = line
    .slice('Embargod:'.length)
    .split(/[ \t]+/)
    .filter((word) => word !== '');
  const caseNumber = number.toUpperCase();
  if (!caseNumberPattern.test(caseNumber)) {
    return notUnderstood(line, 'a command names its case first, as in VS-2026-0042');
  }
  const entry = registry.find((one) => one.name === name.toLowerCase());
  if (!entry) {
    const known = registry.map((one) => one.name).join(', ');
    return notUnderstood(
      line,
      `${name === '' ? 'it names no command' : 'there is no such command'}; known: ${known}`,
    );
  }
  const read = entry.read(words);
  return read.kind === 'problem'
    ? notUnderstood(line, read.why)
    : { kind: 'command', line, caseNumber, command: read.command };
}

function tooMany(line: string): CommandLine {
  return notUnderstood(line, `a mail may carry at most ${maximumCommands} commands`);
}

/** Its writer is shown the beginning of the line only. */
function notUnderstood(line: string, why: string): CommandLine {
  return { kind: 'not-understood', line: line.slice(0, longestLine), why };
}
