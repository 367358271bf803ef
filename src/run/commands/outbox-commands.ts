import { type Command, InvalidArgumentError } from 'commander';
import type { OutboxFilter } from './outbox-filter.ts';
import { type OutboxStateName, outboxStates } from './outbox-filter.ts';
import { group, leaf, type RunCommand, readSpan } from './run-command.ts';

function readStates(text: string): readonly OutboxStateName[] {
  return text.split(',').map((name) => {
    const known = outboxStates.find((state) => state === name.trim());
    if (known === undefined) throw new InvalidArgumentError(`States are ${outboxStates.join(', ')}.`);
    return known;
  });
}

type FilterOptions = Readonly<{
  state?: readonly OutboxStateName[];
  to?: string;
  case?: string;
  olderThan?: number;
}>;

function withFilter(command: Command): Command {
  return command
    .option('--state <states>', `only these, with commas: ${outboxStates.join(',')}`, readStates)
    .option('--to <text>', 'only recipients with this in their address')
    .option('--case <number>', 'only copies of this case')
    .option('--older-than <span>', 'only what was made longer ago, such as 2h or 3d', readSpan);
}

function filterOf(options: FilterOptions): OutboxFilter {
  return {
    states: options.state,
    to: options.to,
    caseNumber: options.case,
    olderThan: options.olderThan,
  };
}

/** What postqueue and postsuper do for Postfix: look, try again, keep back, let go. Nothing is ever deleted here. */
export function addOutboxCommands(program: Command, run: RunCommand): void {
  const outbox = group(program, 'outbox', 'Copies and notices on their way out.');
  addLooking(outbox, run);
  for (const [change, about, examples] of [
    [
      'retry',
      'Tries deferred, failed or uncertain deliveries again.',
      ['outbox retry 01JD…', 'outbox retry --state failed --to @debian.example', 'outbox retry --every'],
    ],
    [
      'hold',
      'Keeps queued or deferred deliveries back until they are released; the administrators’ digest reminds of them.',
      ['outbox hold 01JD… 01JE…', 'outbox hold --case VS-2026-0042'],
    ],
    ['release', 'Lets go what `outbox hold` keeps back.', ['outbox release 01JD…', 'outbox release --every']],
  ] as const) {
    withFilter(leaf(outbox, { usage: change, about, examples }).argument('[ids...]', 'ids of deliveries'))
      .option('--every', 'every delivery that this can be done to')
      .option('--dry-run', 'only list which it would be')
      .action((ids: readonly string[], options) =>
        run(
          {
            kind: 'outbox-change',
            change,
            ids,
            filter: filterOf(options),
            every: options.every === true,
            dryRun: options.dryRun === true,
          },
          options,
        ),
      );
  }
  leaf(outbox, {
    usage: 'flush',
    about: 'Tries everything that is deferred again now, as after a relay came back.',
    examples: ['outbox flush'],
  }).action((options) =>
    run(
      {
        kind: 'outbox-change',
        change: 'retry',
        ids: [],
        filter: { ...filterOf({}), states: ['deferred'] },
        every: true,
        dryRun: false,
      },
      options,
    ),
  );
}

function addLooking(outbox: Command, run: RunCommand): void {
  withFilter(
    leaf(outbox, {
      usage: 'list',
      about: 'Lists what has not been delivered; failed, held and stopped copies first.',
      examples: [
        'outbox list',
        'outbox list --state deferred --older-than 2h',
        'outbox list --to alice@debian.example --all --json',
      ],
    }),
  )
    .option('--all', 'delivered and cancelled ones too')
    .action((options) =>
      run({ kind: 'outbox-list', all: options.all === true, filter: filterOf(options) }, options),
    );
  leaf(outbox, {
    usage: 'summary',
    about: 'Counts what has not been delivered, by state, with the age of the oldest.',
    examples: ['outbox summary', 'outbox summary --json'],
  }).action((options) => run({ kind: 'outbox-summary' }, options));
  leaf(outbox, {
    usage: 'show',
    about: 'Shows one delivery with every attempt.',
    examples: ['outbox show 01JD…'],
  })
    .argument('<id>', 'id of the delivery')
    .action((id, options) => run({ kind: 'outbox-show', id }, options));
}
