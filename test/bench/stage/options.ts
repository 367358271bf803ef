import { parseArgs } from 'node:util';

export type BenchOptions = Readonly<{
  /** Fewer and smaller cases: a minute instead of many. */
  quick: boolean;
  /** The figures as JSON on stdout, instead of a table. */
  json: boolean;
  /** Only ours. */
  withoutPeer: boolean;
}>;

export function readOptions(about: string): BenchOptions {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'without-peer': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(
      `${about}\n\n  --quick         fewer and smaller cases\n  --json          figures as JSON on stdout\n  --without-peer  only our own\n`,
    );
    process.exit(0);
  }
  return { quick: values.quick, json: values.json, withoutPeer: values['without-peer'] };
}
