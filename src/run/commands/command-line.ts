/**
 * The command line: a contract that scripts rely on (docs/cli.md is printed from here). Commands are thin: most write
 * one signed request to the keyholder (P7) and print its answer. Errors go to standard error as one sentence;
 * exit 0: done, 1: refused or failed, 2: wrong usage.
 */
import { Command } from 'commander';
import { addArchiveCommands } from './archive-commands.ts';
import { addBackupCommands } from './backup-commands.ts';
import { addCaseCommands } from './case-commands.ts';
import { addDeliveryCommands } from './delivery-commands.ts';
import { addDemoCommands } from './demo-commands.ts';
import { addKeyCommands } from './key-commands.ts';
import { addListCommands } from './list-commands.ts';
import { addMemberCommands } from './member-commands.ts';
import { addModerationCommands } from './moderation-commands.ts';
import type { RunCommand } from './run-command.ts';
import { addServerCommands } from './server-commands.ts';

/** `run` does what a command says and reports it; the tree itself does nothing, so that docs can print it. */
export function commandLine(version: string, run: RunCommand): Command {
  const program = new Command('embargod')
    .exitOverride()
    .description('Runs private and public lists for coordinated vulnerability disclosure.')
    .version(version)
    .showHelpAfterError('(add --help for what is possible)')
    .configureHelp({ showGlobalOptions: false, sortSubcommands: false });
  addServerCommands(program, run);
  addListCommands(program, run);
  addMemberCommands(program, run);
  addKeyCommands(program, run);
  addDeliveryCommands(program, run);
  addCaseCommands(program, run);
  addModerationCommands(program, run);
  addArchiveCommands(program, run);
  addBackupCommands(program, run);
  addDemoCommands(program, run);
  return program;
}
