import { type Command, Option } from 'commander';
import { presetNames } from '../../message/requests/request.ts';
import { group, leaf, type RunCommand, readAddress, readListName, readListNames } from './run-command.ts';

export function addListCommands(program: Command, run: RunCommand): void {
  const list = group(program, 'list', 'Lists: add, look at, print the key, name who administers.');
  leaf(list, {
    usage: 'add',
    about: 'Adds a list. A private one gets its keys at once.',
    examples: [
      'list add linux-distros --preset linux-distros',
      'list add oss-security --preset oss-security',
    ],
  })
    .argument('<name>', 'local part of its address', readListName)
    .addOption(
      new Option('--preset <preset>', 'policy it starts with').choices(presetNames).makeOptionMandatory(),
    )
    .option(
      '--includes <lists>',
      'private lists whose members read this one too (the preset says otherwise)',
      readListNames,
    )
    .action((name, options) =>
      run({ kind: 'add-list', name, preset: options.preset, includes: options.includes }, options),
    );
  leaf(list, {
    usage: 'show',
    about: 'Shows a list: its kind, policy, key, members and administrators.',
    examples: ['list show linux-distros'],
  })
    .argument('<name>', 'name of the list', readListName)
    .action((name, options) => run({ kind: 'ask', request: { kind: 'list-show', name } }, options));
  leaf(list, {
    usage: 'check',
    about: 'Names private lists that nobody reads or administers.',
    examples: ['list check'],
  }).action((options) => run({ kind: 'ask', request: { kind: 'list-check' } }, options));
  leaf(list, {
    usage: 'key',
    about: 'Prints the public key of a private list, armoured, on standard output.',
    examples: ['list key linux-distros > linux-distros.asc'],
  })
    .argument('<name>', 'name of the list', readListName)
    .action((name, options) => run({ kind: 'list-key', name }, options));
  leaf(list, {
    usage: 'rotate-key',
    about:
      'Gives a private list a new key, certified by the old one; tells its readers. The old one opens mail for 30 more days.',
    examples: ['list rotate-key linux-distros', 'list rotate-key linux-distros --compromised'],
  })
    .argument('<name>', 'name of the list', readListName)
    .option(
      '--compromised',
      'the old key may be in other hands: revoke and destroy it at once; administrators prove their own keys',
    )
    .option('--yes', 'do not ask whether you are sure')
    .action((name, options) =>
      run(
        {
          kind: 'rotate-list-key',
          name,
          compromised: options.compromised === true,
          sure: options.yes === true,
        },
        options,
      ),
    );
  const administrator = group(list, 'administrator', 'Who runs a list; held mail is sealed to them.');
  for (const [verb, about] of [
    ['add', 'Names a representative as administrator of a list.'],
    ['remove', 'Takes that back.'],
  ] as const) {
    const command = leaf(administrator, {
      usage: verb,
      about,
      examples: [`list administrator ${verb} linux-distros alice@example.org`],
    })
      .argument('<list>', 'name of the list', readListName)
      .argument('<address>', 'address of a representative', readAddress);
    if (verb === 'remove') command.option('--yes', 'also the last one: held mail then reaches nobody');
    command.action((name, address, options) => {
      const sure = options.yes === true;
      return run(
        { kind: 'ask', request: { kind: `administrator-${verb}`, list: name, address, sure } },
        options,
      );
    });
  }
}
