import { type Command, InvalidArgumentError } from 'commander';
import { collect, group, leaf, type RunCommand } from './run-command.ts';

/** Five ports in a row are used. */
function readPortBase(text: string): number {
  const base = Number(text);
  if (!Number.isInteger(base) || base < 1_024 || base > 65_000) {
    throw new InvalidArgumentError('It must be a port from 1024 to 65000.');
  }
  return base;
}

export function addDemoCommands(program: Command, run: RunCommand): void {
  const demo = group(program, 'demo', 'An invented community on this machine, to try everything with.');
  leaf(demo, {
    usage: 'start',
    about: 'Makes or finds the demo, starts it and prints where everything is. Ctrl-C stops it.',
    examples: ['demo start', 'demo start --port-base 4525'],
  })
    .option('--port-base <port>', 'first of five ports in a row (default 2525)', readPortBase)
    .action((options) => run({ kind: 'demo-start', portBase: options.portBase }, options));
  leaf(demo, {
    usage: 'report',
    about: 'Encrypts a report with gpg, as its invented reporter, and sends it over SMTP.',
    examples: [
      'demo report',
      'demo report --to distros --subject "[vs] overflow in libfoo"',
      'demo report --clear',
    ],
  })
    .option('--to <list>', 'a private list of the demo', 'linux-distros')
    .option(
      '--subject <text>',
      'subject of the report',
      '[vs] heap overflow in libfoo when a header is folded twice',
    )
    .option('--text <text>', 'text of the report')
    .option('--clear', 'send it without encrypting')
    .action((options) =>
      run(
        {
          kind: 'demo-report',
          options: {
            to: options.to,
            subject: options.subject,
            text: options.text,
            clear: options.clear === true,
          },
        },
        options,
      ),
    );
  leaf(demo, {
    usage: 'send',
    about: 'Sends a mail from standard input to the demo over SMTP, as it is.',
    examples: ['demo send --to linux-distros@lists.example.org < mail.eml'],
  })
    .option('--from <address>', 'envelope sender', 'robin@researcher.example')
    .option('--to <address>', 'envelope recipient; repeat for more', collect)
    .action((options) => run({ kind: 'demo-send', from: options.from, to: options.to ?? [] }, options));
  leaf(demo, {
    usage: 'where',
    about: 'Prints where the demo lies and listens.',
    examples: ['demo where'],
  }).action((options) => run({ kind: 'demo-where' }, options));
}
