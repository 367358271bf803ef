import type { Command } from 'commander';
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
    leaf(held, {
      usage: verb,
      about,
      examples: [
        `held ${verb} 01JD… --reason "${verb === 'pass' ? 'a report without [vs]' : 'advertising'}"`,
      ],
    })
      .argument('<id>', 'id of the held mail')
      .requiredOption('--reason <text>', 'why; goes into the journal, sealed')
      .action((id, options) =>
        run({ kind: 'ask', request: { kind: `held-${verb}`, id, reason: options.reason } }, options),
      );
  }
  const outbox = group(program, 'outbox', 'Copies and notices on their way out.');
  leaf(outbox, {
    usage: 'list',
    about: 'Lists what has not been delivered; parked, failed and held copies first.',
    examples: ['outbox list', 'outbox list --all --json'],
  })
    .option('--all', 'delivered and cancelled ones too')
    .action((options) => run({ kind: 'outbox-list', all: options.all === true }, options));
  leaf(outbox, {
    usage: 'retry',
    about: 'Tries a deferred, failed, held or uncertain delivery again.',
    examples: ['outbox retry 01JD…'],
  })
    .argument('<id>', 'id of the delivery')
    .action((id, options) => run({ kind: 'ask', request: { kind: 'outbox-retry', id } }, options));
}
