import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Address, parseAddress } from '../../mail/address.ts';
import { isListName } from '../../message/requests/request.ts';
import type { Duration } from '../../time/instant.ts';
import { formatHostPort, readDuration, readHostPort } from '../config/quantities.ts';
import type { Deed } from './deed.ts';

/** Options that every command has. */
export type SharedOptions = Readonly<{ json?: boolean; data?: string }>;

export type RunCommand = (deed: Deed, options: SharedOptions) => Promise<void>;

export type Leaf = Readonly<{
  /** Name and arguments, as commander writes them: `add <name>`. */
  usage: string;
  about: string;
  examples: readonly string[];
}>;

/** A command that does something: with the shared options, and examples in its help. */
export function leaf(parent: Command, { usage, about, examples }: Leaf): Command {
  const command = parent.command(usage).description(about);
  command.addOption(
    new Option('--data <dir>', 'data directory (else EMBARGOD_DATA, else /var/lib/embargod)'),
  );
  command.addOption(new Option('--json', 'print one JSON value for scripts'));
  command.addHelpText(
    'after',
    `\nExamples:\n${examples.map((example) => `  embargod ${example}`).join('\n')}`,
  );
  command.allowExcessArguments(false);
  return command;
}

export function group(parent: Command, name: string, about: string): Command {
  return parent.command(name).description(about);
}

export function readAddress(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined)
    throw new InvalidArgumentError('It must be a bare address, such as alice@example.org.');
  return address;
}

export function readListName(text: string): string {
  if (!isListName(text)) {
    throw new InvalidArgumentError(
      'A list name has lower-case letters, digits and hyphens, such as linux-distros.',
    );
  }
  return text;
}

export function readListNames(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(',').map((name) => readListName(name.trim()))];
}

export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

export function readSpan(text: string): Duration {
  const duration = readDuration(text);
  if (duration === undefined)
    throw new InvalidArgumentError('It must be a number with s, m, h or d, such as 30d.');
  return duration;
}

export function readPlace(text: string): string {
  const place = readHostPort(text);
  if (place === undefined)
    throw new InvalidArgumentError('It must be HOST:PORT; IPv6 in brackets, such as [::1]:25.');
  return formatHostPort(place);
}

export function collectPlaces(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, readPlace(text)];
}
