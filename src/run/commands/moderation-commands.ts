import { type Command, InvalidArgumentError } from 'commander';
import { group, leaf, type RunCommand, readListName } from './run-command.ts';

function readMailId(text: string): string {
  if (/^[0-9A-Za-z-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('An id stands in the first column of `embargod moderation list`.');
}

function readReason(text: string): string {
  const reason = text.trim();
  if (reason.length > 0 && reason.length <= 500) return reason;
  throw new InvalidArgumentError('A reason is a sentence, of 500 characters at most.');
}

export function addModerationCommands(program: Command, run: RunCommand): void {
  const moderation = group(program, 'moderation', 'Mail to public lists that waits for a moderator.');
  leaf(moderation, {
    usage: 'list',
    about: 'Lists what waits, the oldest first, with every reason why.',
    examples: ['moderation list', 'moderation list oss-security --json'],
  })
    .argument('[list]', 'name of a list', readListName)
    .action((list, options) => run({ kind: 'moderation-list', list }, options));
  leaf(moderation, {
    usage: 'show',
    about: 'Shows one: who wrote it, why it waits, and how its text begins.',
    examples: ['moderation show 01JD…', 'moderation show 01JD… --whole'],
  })
    .argument('<id>', 'id of the mail', readMailId)
    .option('--whole', 'the mail as it came, to the last line')
    .action((id, { whole, ...options }) =>
      run({ kind: 'moderation-show', id, whole: whole === true }, options),
    );
  leaf(moderation, {
    usage: 'pass',
    about:
      'Posts it to the list. From then on vouched mail of the same author needs nobody there. It cannot be taken back.',
    examples: ['moderation pass 01JD…', 'moderation pass 01JD… --publish-anyway'],
  })
    .argument('<id>', 'id of the mail', readMailId)
    .option('--publish-anyway', 'it looks private, you have read it whole, and everybody may read it')
    .action((id, { publishAnyway, ...options }) =>
      run(
        { kind: 'moderation-decide', id, act: { kind: 'pass', publishAnyway: publishAnyway === true } },
        options,
      ),
    );
  leaf(moderation, {
    usage: 'refuse',
    about: 'Refuses it for good. It is kept with your reason; its author is not told.',
    examples: ['moderation refuse 01JD… --reason "Advertising."'],
  })
    .argument('<id>', 'id of the mail', readMailId)
    .requiredOption('--reason <text>', 'why, for the record', readReason)
    .action((id, { reason, ...options }) =>
      run({ kind: 'moderation-decide', id, act: { kind: 'refuse', reason } }, options),
    );
}
