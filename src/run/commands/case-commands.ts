import { type Command, InvalidArgumentError } from 'commander';
import { group, leaf, type RunCommand, readAddress } from './run-command.ts';

function readCaseNumber(text: string): string {
  const number = text.toUpperCase();
  if (!/^VS-\d{4}-\d{4,6}$/.test(number)) {
    throw new InvalidArgumentError('A case number looks like VS-2026-0042.');
  }
  return number;
}

function readCaseNumbers(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), readCaseNumber(text)];
}

function readWebAddress(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('A web address begins with https://.');
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
  leaf(cases, {
    usage: 'close',
    about:
      'Ends a case that is public, and tells its members where. Until the case desk finds the posting by itself.',
    examples: ['case close VS-2026-0042 --posting https://lists.example.org/oss-security/2026/11/30/1'],
  })
    .argument('<number>', 'case number', readCaseNumber)
    .requiredOption('--posting <url>', 'where the public posting is', readWebAddress)
    .action((caseNumber, { posting, ...options }) =>
      run({ kind: 'ask', request: { kind: 'case-close', caseNumber, posting } }, options),
    );
  leaf(program, {
    usage: 'purge',
    about:
      'Destroys what the server keeps of closed cases, with the keys it rested under. The first time it is only announced to the members; given again a day later, it is done and cannot be undone. Without a number: mail older than 30 days that belongs to no case.',
    examples: ['purge VS-2026-0042 VS-2026-0815', 'purge'],
  })
    .argument('[number...]', 'case numbers', readCaseNumbers)
    .action((cases, options) =>
      run({ kind: 'ask', request: { kind: 'purge', cases: cases ?? [] } }, options),
    );
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
