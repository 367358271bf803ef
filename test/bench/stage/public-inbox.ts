/** public-inbox's figures in the same sitting, by `../shared/peers/public-inbox`, on the same mailbox file. */
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { bringDebianPackages } from '../../run/debian-packages.ts';
import { runProgram, sharedFolder } from '../../run/program.ts';
import { freePorts } from '../../stand-ins/real-server.ts';
import type { Progress } from './progress.ts';

export type PublicInboxFigures = Readonly<{
  /** Milliseconds of CPU for each message. */
  importCpu: number;
  /** As a multiple of the mailbox file. */
  disk: number;
  /** Milliseconds of CPU for each request, by the names of archive-requests.ts. */
  pages: Readonly<Record<string, number>>;
}>;

const peer = 'the archive that ours is measured by';
const packages = [
  { program: 'public-inbox-httpd', debianPackage: 'public-inbox', why: peer },
  { program: 'wrk', debianPackage: 'wrk', why: `asks ${peer}` },
  { program: 'python3', debianPackage: 'python3', why: 'the script around it' },
  { program: 'curl', debianPackage: 'curl', why: 'the script around it' },
  { program: 'xapian-compact', debianPackage: 'xapian-tools', why: 'its index made small' },
];

/** Its scenario, and what we call the same. */
const scenarios: Readonly<Record<string, string>> = {
  msg: 'message',
  raw: 'raw',
  thread_T: 'thread, flat',
  big_thread_T: 'longest thread, first page',
  index: 'list page',
  new_atom: 'Atom',
  search_rare: 'search: rare',
  search_common: 'search: common',
  search_month: 'search: month',
  search_common_and_month: 'search: common in a month',
  search_phrase: 'search: phrase',
  search_from: 'search: from',
};

/** Undefined, and said why, where it cannot be run. */
export async function measurePublicInbox(
  corpus: string,
  quick: boolean,
  progress: Progress,
): Promise<PublicInboxFigures | undefined> {
  const script = join(sharedFolder, 'peers/public-inbox/bench-public-inbox.sh');
  if (!existsSync(script)) return without(progress, 'there is no ../shared/peers beside this clone');
  if (!(await bringDebianPackages(packages))) return without(progress, 'its packages are missing');
  const folder = await mkdtemp(join(tmpdir(), 'public-inbox-'));
  try {
    const [mbox, said] = [join(folder, 'corpus.mbox'), join(folder, 'said')];
    await pipeline(createReadStream(corpus), createGunzip(), createWriteStream(mbox));
    progress.say('public-inbox: its import, then its pages; this takes a minute or two');
    const [port = 0] = await freePorts(1);
    // Its own words go to a file, and stdout stays ours.
    const code = await runProgram(
      'bash',
      ['-c', '"$1" "$2" "$3" "$4" >"$5" 2>&1', 'sh', script, mbox, join(folder, 'work'), String(port), said],
      {
        SECS: quick ? '2' : '5',
        WORKERS: '1',
        CONNS: '1',
        SCEN: Object.keys(scenarios).join(' '),
      },
    );
    if (code !== 0) return without(progress, `its script exited with ${code}`);
    return readFigures(await readFile(said, 'utf8'), (await stat(mbox)).size);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function without(progress: Progress, why: string): undefined {
  progress.done();
  process.stderr.write(`Without public-inbox's column: ${why}.\n`);
  return undefined;
}

function readFigures(said: string, mbox: number): PublicInboxFigures {
  const number = (pattern: RegExp) => Number(pattern.exec(said)?.[1] ?? Number.NaN);
  const messages = number(/: (\d+) msgs,/);
  const seconds = number(/^import .* user ([\d.]+)/m) + number(/^import .* sys ([\d.]+)/m);
  const cpu = ([scenario, name]: readonly [string, string]) => {
    const each = number(new RegExp(`^${scenario} .* cpu +([\\d.]+) ms/req`, 'm'));
    return Number.isNaN(each) ? [] : [[name, each] as const];
  };
  return {
    importCpu: (seconds * 1000) / messages,
    disk: (number(/^DISK KB: .* total=(\d+)/m) * 1024) / mbox,
    pages: Object.fromEntries(Object.entries(scenarios).flatMap(cpu)),
  };
}
