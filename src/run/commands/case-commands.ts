import { type Command, InvalidArgumentError } from 'commander';
import { group, leaf, type RunCommand, readAddress } from './run-command.ts';

function readCaseNumber(text: string): string {
  const number = text.toUpperCase();
  if (!/^VS-\d{4}-\d{4,6}$/.test(number)) {
    throw new InvalidArgumentError('A case number looks like VS-2026-0042.');
  }
  return number;
}

export function addCaseCommands(program: Command, run: RunCommand): void {
  const cases = group(program, 'case', 'Cases, as far as the operator may see: numbers, instants, states.');
  leaf(cases, { usage: 'list', about: 'Lists cases.', examples: ['case list'] }).action((options) =>
    run({ kind: 'case-list' }, options),
  );
  leaf(cases, {
    usage: 'show',
    about: 'Shows the clear side of a case: its state, what is due, how its copies fare.',
    examples: ['case show VS-2026-0042'],
  })
    .argument('<number>', 'case number', readCaseNumber)
    .action((number, options) => run({ kind: 'case-show', number }, options));
  const guest = group(program, 'guest', 'Guests: people whom a single case admits.');
  leaf(guest, {
    usage: 'add',
    about: 'Admits a person to one case. They read what is sealed from then on, never what was.',
    examples: ['guest add VS-2026-0042 maintainer@upstream.example --certificate maintainer.asc'],
  })
    .argument('<case>', 'case number', readCaseNumber)
    .argument('<address>', 'their address', readAddress)
    .requiredOption('--certificate <file>', 'their OpenPGP public key, armoured')
    .action((caseNumber, address, options) =>
      run({ kind: 'add-guest', caseNumber, address, file: options.certificate }, options),
    );
  const journal = group(program, 'journal', 'The append-only journal.');
  leaf(journal, {
    usage: 'verify',
    about: 'Checks the chain, every commitment and every sealed detail that has not been purged.',
    examples: ['journal verify'],
  }).action((options) => run({ kind: 'ask', request: { kind: 'journal-verify' } }, options));
}
