import type { Argument, Command, Option } from 'commander';
import { commandLine } from './command-line.ts';

/** `docs/cli.md`. A test prints it again and wants no difference. */
export function printCommandGuide(): string {
  const program = commandLine('', async () => undefined);
  const lines = [
    '# Command line',
    '',
    'Printed from `src/run/commands/`; do not edit it by hand. Scripts may rely on it.',
    '',
    'Answers go to standard output, progress and errors to standard error. Exit codes: 0 done; 1 refused or failed, with',
    'one sentence that says why; 2 wrong usage. `--json` prints one JSON value instead of text: the answer’s data, or',
    '`{"refused": "…"}`. The data directory is `--data DIR`, else `EMBARGOD_DATA`, else `/var/lib/embargod`, else, where',
    'there is none, the demo of this clone.',
    '',
    'A command that changes something writes a request, signed with the operator key and sealed to the keyholder, which',
    'executes and journals it; what `moderation` decides is signed for public-keeper instead, and need not be sealed. Where no',
    'server runs, the command starts what it needs for its own length;',
    'where the passphrase of the keys is a systemd credential, it cannot: start the service first.',
    '',
    ...program.commands.flatMap((command) => describe(command, ['embargod'])),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function describe(command: Command, parents: readonly string[]): string[] {
  const path = [...parents, command.name()];
  if (command.commands.length > 0) {
    const title = parents.length === 1 ? [`## ${path.join(' ')}`, '', command.description(), ''] : [];
    return [...title, ...command.commands.flatMap((child) => describe(child, path))];
  }
  const usage = [...path, ...command.registeredArguments.map(argumentText), '[options]'].join(' ');
  const own = command.options.filter(({ long }) => long !== '--data' && long !== '--json');
  return [
    `${parents.length === 1 ? '##' : '###'} ${path.join(' ')}`,
    '',
    command.description(),
    '',
    '```',
    usage,
    '```',
    '',
    ...command.registeredArguments.map(
      (argument) => `- \`${argumentText(argument)}\`: ${argument.description}`,
    ),
    ...own.map((option) => `- \`${option.flags}\`: ${optionText(option)}`),
    ...(command.registeredArguments.length + own.length > 0 ? [''] : []),
    ...examplesOf(command),
  ];
}

function argumentText(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

function optionText(option: Option): string {
  const choices = option.argChoices ? ` (${option.argChoices.join(', ')})` : '';
  return `${option.description}${choices}${option.mandatory ? '; needed' : ''}`;
}

/** Examples stand in the help that commander prints after its own. */
function examplesOf(command: Command): string[] {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  const [, examples = ''] = help.split('\nExamples:\n');
  return examples.trim() === ''
    ? []
    : [
        '```',
        ...examples
          .trimEnd()
          .split('\n')
          .map((line) => line.trim()),
        '```',
        '',
      ];
}
