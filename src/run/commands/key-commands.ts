import type { Command } from 'commander';
import { group, leaf, type RunCommand, readAddress } from './run-command.ts';

export function addKeyCommands(program: Command, run: RunCommand): void {
  const key = group(
    program,
    'key',
    'The private keys of all lists, for the day on which this machine is gone.',
  );
  leaf(key, {
    usage: 'custodian',
    about:
      'Names the administrator of every private list to whom keys may be exported. Once a list is in use this takes effect after 24 hours.',
    examples: ['key custodian alice@example.org'],
  })
    .argument('<address>', 'address of a representative', readAddress)
    .action((address, options) => run({ kind: 'ask', request: { kind: 'key-custodian', address } }, options));
  leaf(key, {
    usage: 'export',
    about:
      'Gives every private key as one OpenPGP message that only the custodian can open; the administrators are told.',
    examples: ['key export --output keys.asc'],
  })
    .option('--output <file>', 'a new file to write it to (else standard output)')
    .action((options) => run({ kind: 'key-export', output: options.output }, options));
  leaf(key, {
    usage: 'import',
    about:
      'Brings exported keys, as the custodian’s gpg opened them, into a new data directory whose server has not run yet.',
    examples: [
      'key import --data /var/lib/embargod < opened.json',
      'key import /dev/shm/opened.json --data /var/lib/embargod',
    ],
  })
    .argument('[file]', 'what `gpg --decrypt` gave (- or nothing: standard input, so that it rests nowhere)')
    .action((file, options) => run({ kind: 'key-import', file: file ?? '-' }, options));
}
