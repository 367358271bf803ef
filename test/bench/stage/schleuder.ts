/** Schleuder's figures in the same sitting, by `../shared/peers/schleuder`, which says itself what it needs. */
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram, sharedFolder } from '../../run/program.ts';
import type { Progress } from './progress.ts';

/** CPU milliseconds for each subscriber, by `SIZE READERS`, its gpg children and agent included. */
export type SchleuderFigures = Readonly<Record<string, number>>;

const programs = ['/usr/bin/schleuder', '/usr/sbin/smtp-sink', '/usr/bin/sq', '/usr/bin/gpg'];
const packages = 'apt-get install --no-install-recommends schleuder gnupg sq postfix';

/** Undefined, and said why, where it cannot be run. */
export async function measureSchleuder(
  quick: boolean,
  progress: Progress,
): Promise<SchleuderFigures | undefined> {
  const script = join(sharedFolder, 'peers/schleuder/bench-schleuder.sh');
  if (!existsSync(script)) return without(progress, 'there is no ../shared/peers beside this clone');
  const missing = programs.filter((program) => !existsSync(program));
  if (missing.length > 0)
    return without(progress, `${missing.join(', ')} is missing (${packages}; Postfix need not be set up)`);
  const folder = process.env.W ?? join(tmpdir(), 'peer-schleuder');
  progress.say('Schleuder: 100 keys, once, then its runs; this takes minutes');
  // Its own words go to stderr: stdout is ours.
  const code = await runProgram(
    'bash',
    ['-c', '"$0" "$@" >&2', script, ...(quick ? ['2', '1'] : ['5', '3'])],
    {
      W: folder,
      // With 100 its script also measures plain gpg and sq, which takes as long again.
      NS: quick ? '10' : '10 100',
    },
  );
  if (code !== 0) return without(progress, `its script exited with ${code}`);
  return readFigures(readFileSync(join(folder, 'out/results.jsonl'), 'utf8'));
}

function without(progress: Progress, why: string): undefined {
  progress.done();
  process.stderr.write(`Without Schleuder's column: ${why}.\n`);
  return undefined;
}

function readFigures(lines: string): SchleuderFigures {
  const sizes: Readonly<Record<string, number>> = { small: 4096, big: 1_048_576 };
  const found: Record<string, number> = {};
  for (const line of lines.split('\n').filter(Boolean)) {
    const { label, units, cpu_ms_per_unit: cpu } = JSON.parse(line);
    const [name, kind] = String(label).split(' ');
    if (name === 'schleuder' && kind !== undefined) found[`${sizes[kind]} ${units}`] = cpu;
  }
  return found;
}
