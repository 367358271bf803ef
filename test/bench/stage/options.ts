import { parseArgs } from 'node:util';

export type BenchOptions = Readonly<{
  /** Fewer and smaller cases: a minute instead of many. */
  quick: boolean;
  /** The figures as JSON on stdout, instead of a table. */
  json: boolean;
  /** Only ours. */
  withoutPeer: boolean;
  /** Cases by name, such as `1MB×100`; empty means all. */
  only: readonly string[];
}>;

export function readOptions(about: string): BenchOptions {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'without-peer': { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(
      `${about}\n\n  --quick         fewer and smaller cases\n  --json          figures as JSON on stdout\n  --without-peer  only our own\n  --only 1MB×100  this case, where the bench has cases; may be repeated\n`,
    );
    process.exit(0);
  }
  return { quick: values.quick, json: values.json, withoutPeer: values['without-peer'], only: values.only };
}
