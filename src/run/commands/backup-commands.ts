import { type Command, Option } from 'commander';
import { group, leaf, type RunCommand } from './run-command.ts';

export const databaseOption = [
  '--database <url>',
  'your PostgreSQL, as a superuser or a role with BYPASSRLS in embargod_owner (not for the embedded one)',
] as const;

const signedOption = [
  '--signed <file>',
  'what an administrator signed with gpg --clearsign: the line that `restore show` prints',
] as const;

export function addBackupCommands(program: Command, run: RunCommand): void {
  leaf(program, {
    usage: 'backup',
    about: 'Writes both databases, as they are now, into one file while the server runs. No key is in it.',
    examples: ['backup --to /srv/backup/embargod-2026-11-23.backup'],
  })
    .requiredOption('--to <file>', 'file to write; it must not be there yet')
    .option(...databaseOption)
    .action((options) => run({ kind: 'backup', to: options.to, database: options.database }, options));
  const restore = group(
    program,
    'restore',
    'Puts a backup back. Nothing acts before people have looked at it.',
  );
  leaf(restore, {
    usage: 'from',
    about:
      'Replaces both databases by a backup. The server must be stopped; what came after the backup is lost.',
    examples: ['restore from /srv/backup/embargod-2026-11-23.backup'],
  })
    .argument('<file>', 'the backup')
    .option('--yes', 'do not ask on the terminal')
    .option(...databaseOption)
    .action((file, options) =>
      run(
        { kind: 'restore', options: { file, yes: options.yes === true, database: options.database } },
        options,
      ),
    );
  leaf(restore, {
    usage: 'show',
    about:
      'Shows what a restored database says of readers, purges and copies, and what waits for a confirmation.',
    examples: ['restore show'],
  }).action((options) => run({ kind: 'ask', request: { kind: 'restore-show' } }, options));
  addConfirm(restore, run);
}

function addConfirm(restore: Command, run: RunCommand): void {
  const confirm = restore
    .command('confirm')
    .description('Confirms one of the three things that keep a restored database frozen.');
  for (const [part, about] of [
    ['roster', 'Who reads and who administers is right, or has been made right.'],
    ['purges', 'What was purged after the backup will be purged again, or nothing was.'],
  ] as const) {
    leaf(confirm, { usage: part, about, examples: [`restore confirm ${part} --signed confirmed.asc`] })
      .option(...signedOption)
      .action((options) =>
        run({ kind: 'confirm-restore', confirmation: { part }, signed: options.signed }, options),
      );
  }
  leaf(confirm, {
    usage: 'outbox',
    about:
      'The last: says what becomes of copies that were on their way at the backup. The server works again.',
    examples: ['restore confirm outbox --cancel --signed confirmed.asc'],
  })
    .addOption(new Option('--cancel', 'they have left since, most likely').conflicts('resend'))
    .addOption(new Option('--resend', 'send them; some readers get a second copy'))
    .option(...signedOption)
    .action((options, command) => {
      if (options.cancel !== true && options.resend !== true) {
        command.error('error: say --cancel or --resend: what becomes of copies that were on their way.');
      }
      const uncertain = options.cancel === true ? 'cancel' : 'resend';
      const confirmation = { part: 'outbox', uncertain } as const;
      return run({ kind: 'confirm-restore', confirmation, signed: options.signed }, options);
    });
}
