import type { Command } from 'commander';
import { day } from '../../time/instant.ts';
import {
  collect,
  group,
  leaf,
  type RunCommand,
  readAddress,
  readListNames,
  readSpan,
} from './run-command.ts';

export function addMemberCommands(program: Command, run: RunCommand): void {
  const member = group(program, 'member', 'Members: product teams on private lists.');
  leaf(member, {
    usage: 'add',
    about: 'Adds a member to one or more private lists.',
    examples: ['member add "Chrome OS" --list linux-distros --product "Chrome OS"'],
  })
    .argument('<name>', 'name of the product team')
    .requiredOption('--list <lists>', 'private lists it reads; repeat or separate with commas', readListNames)
    .option('--product <product>', 'a product it cares for; repeat for more', collect, [])
    .action((name, options) =>
      run(
        {
          kind: 'ask',
          request: { kind: 'member-add', name, lists: options.list, products: options.product },
        },
        options,
      ),
    );
  leaf(member, {
    usage: 'list',
    about: 'Lists members with their representatives.',
    examples: ['member list'],
  }).action((options) => run({ kind: 'ask', request: { kind: 'member-list' } }, options));
  addRepresentativeCommands(program, run);
  const certificate = group(program, 'certificate', 'Certificates of people and lists.');
  leaf(certificate, {
    usage: 'check',
    about: 'Lists certificates that cannot be used, or that expire soon.',
    examples: ['certificate check --within 30d'],
  })
    .option('--within <time>', 'how far ahead to look', readSpan, 30 * day)
    .action((options) =>
      run({ kind: 'ask', request: { kind: 'certificate-check', within: options.within } }, options),
    );
}

function addRepresentativeCommands(program: Command, run: RunCommand): void {
  const representative = group(
    program,
    'representative',
    'Representatives: the people who read for a member.',
  );
  leaf(representative, {
    usage: 'add',
    about:
      'Adds a person, or another certificate of theirs. Once a list is in use this takes effect after 24 hours.',
    examples: ['representative add "Chrome OS" alice@example.org --certificate alice.asc'],
  })
    .argument('<member>', 'name of the member')
    .argument('<address>', 'their address', readAddress)
    .requiredOption('--certificate <file>', 'their OpenPGP public key, armoured')
    .action((name, address, options) =>
      run({ kind: 'add-representative', member: name, address, file: options.certificate }, options),
    );
  for (const [verb, about] of [
    ['suspend', 'Stops sealing anything to a person, at once; copies that wait are cancelled.'],
    ['restore', 'Ends a suspension; once a list is in use this takes effect after 24 hours.'],
    ['remove', 'Removes a person for good, at once; copies that wait are cancelled.'],
  ] as const) {
    leaf(representative, {
      usage: verb,
      about,
      examples: [`representative ${verb} "Chrome OS" alice@example.org`],
    })
      .argument('<member>', 'name of the member')
      .argument('<address>', 'their address', readAddress)
      .action((name, address, options) =>
        run({ kind: 'ask', request: { kind: `representative-${verb}`, member: name, address } }, options),
      );
  }
}
