import type { Command } from 'commander';
import { databaseOption } from './backup-commands.ts';
import { group, leaf, type RunCommand, readListName } from './run-command.ts';

export function addArchiveCommands(program: Command, run: RunCommand): void {
  const archive = group(program, 'archive', 'The archive of a public list.');
  leaf(archive, {
    usage: 'import',
    about:
      'Takes an old archive in: a mailbox file, compressed or not, or a Maildir. May be given again; nothing comes twice.',
    examples: [
      'archive import oss-security oss-security.mbox.gz',
      'archive import oss-security /var/mail/oss-security',
    ],
  })
    .argument('<list>', 'name of the list', readListName)
    .argument('<path>', 'the mailbox file or Maildir')
    .option(...databaseOption)
    .action((list, path, options) =>
      run({ kind: 'archive-import', list, path, database: options.database }, options),
    );
}
