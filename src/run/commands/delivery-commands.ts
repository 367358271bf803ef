import type { Command } from 'commander';
import { addOutboxCommands } from './outbox-commands.ts';
import { group, leaf, type RunCommand } from './run-command.ts';

export function addDeliveryCommands(program: Command, run: RunCommand): void {
  const held = group(
    program,
    'held',
    'Mail that waits for an administrator. Its content is never shown here.',
  );
  leaf(held, { usage: 'list', about: 'Lists held mail.', examples: ['held list'] }).action((options) =>
    run({ kind: 'held-list' }, options),
  );
  for (const [verb, about] of [
    ['pass', 'Lets a held mail through, as a report or a reply.'],
    ['refuse', 'Refuses a held mail; nobody outside is told, and it is kept until it is purged.'],
  ] as const) {
    const command = leaf(held, {
      usage: verb,
      about,
      examples: [verb === 'pass' ? 'held pass 01JD…' : 'held refuse 01JD… --reason "advertising"'],
    }).argument('<id>', 'id of the held mail');
    const why = 'why; goes into the journal, sealed';
    if (verb === 'refuse') command.requiredOption('--reason <text>', why);
    else command.option('--reason <text>', why, '');
    command.action((id, options) =>
      run({ kind: 'ask', request: { kind: `held-${verb}`, id, reason: options.reason } }, options),
    );
  }
  addOutboxCommands(program, run);
  addObligationCommands(program, run);
}

function addObligationCommands(program: Command, run: RunCommand): void {
  const obligation = group(
    program,
    'obligation',
    'What somebody owes: kind, about what, by when. Never content.',
  );
  leaf(obligation, {
    usage: 'list',
    about: 'Lists open obligations, the most urgent first.',
    examples: ['obligation list', 'obligation list --json'],
  }).action((options) => run({ kind: 'obligation-list' }, options));
  leaf(obligation, {
    usage: 'settle',
    about: 'Tells that a person has mended a delivery, or reviewed a report, outside the server.',
    examples: ['obligation settle 01JD… --ending "their relay is up again"'],
  })
    .argument('<id>', 'id of the obligation')
    .requiredOption('--ending <text>', 'how it ended; goes into the journal, sealed')
    .action((id, options) =>
      run({ kind: 'ask', request: { kind: 'obligation-settle', id, ending: options.ending } }, options),
    );
}
