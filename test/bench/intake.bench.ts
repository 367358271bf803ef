/**
 * `npm run bench:intake`: mails of 4 KB accepted for good, over 20 sessions that stay open. Ours seals each one at the
 * door and says `250` after PostgreSQL's commit; Postfix after its queue file's fsync, on the same disk, in turn with
 * ours. Both are asked by Postfix's own smtp-source, and neither does anything with a mail after its `250`.
 */

import { bringDebianPackages, postfix as postfixPackage } from '../run/debian-packages.ts';
import { runProgram } from '../run/program.ts';
import { freePorts } from '../stand-ins/real-server.ts';
import { machineName, untilIdle } from './stage/machine.ts';
import { listAddress, startMeasuredServer } from './stage/measured-server.ts';
import { readOptions } from './stage/options.ts';
import { smtpSource, startPostfix } from './stage/postfix.ts';
import { sharesOf, type Usage, usedSince } from './stage/process-usage.ts';
import { showProgress } from './stage/progress.ts';
import { untilQuiet } from './stage/quiet.ts';
import { median, table } from './stage/table.ts';

const sessions = 20;
const size = 4096;
const list = 'readers';

/** Of one round: accepts a second, milliseconds of CPU each, the database's apart. */
type Round = Readonly<{ rate: number; cpu: number; database: number; busyBefore: number }>;
type Door = Readonly<{ name: string; port: number; usage: () => Usage }>;

const options = readOptions('Measures durable accepts at the door, beside Postfix.');
const progress = showProgress();
if (!(await bringDebianPackages([postfixPackage]))) {
  process.stderr.write(
    'Without Postfix there is nothing to send the mails with (smtp-source), and no peer.\n',
  );
  process.exit(1);
}
const [mails, rounds] = options.quick ? [1_000, 2] : [4_000, 5];
const { ours, postfix, version } = await measure();
progress.done();
process.stdout.write(options.json ? `${JSON.stringify({ ours, postfix, version })}\n` : report());

async function measure() {
  const server = await startMeasuredServer(1);
  const [port = 0] = await freePorts(1);
  const peer = await startPostfix(port);
  try {
    await server.found(list, 1, progress);
    await server.restart(['intake']);
    const doors: readonly [Door, Door] = [
      { name: 'ours', port: server.smtpPort, usage: server.usage },
      { name: 'Postfix', port, usage: peer.usage },
    ];
    for (const door of doors) await oneRound(door, Math.min(mails, 2_000), 'warming up');
    const found: Readonly<Record<string, Round[]>> = { ours: [], Postfix: [] };
    for (let round = 1; round <= rounds; round += 1)
      for (const door of doors)
        found[door.name]?.push(await oneRound(door, mails, `round ${round} of ${rounds}`));
    return { ours: found.ours ?? [], postfix: found.Postfix ?? [], version: peer.version };
  } finally {
    await peer.close();
    await server.close();
  }
}

async function oneRound({ name, port, usage }: Door, count: number, what: string): Promise<Round> {
  progress.say(`${name}: ${what}, ${count} mails`);
  await untilQuiet(usage);
  const busyBefore = await untilIdle();
  const before = usage();
  const began = performance.now();
  const mail = ['-f', 'robin@researcher.example', '-t', listAddress(list), '-l', String(size)];
  // -d: a session stays open and sends one mail after another.
  const code = await runProgram(smtpSource, [
    '-s',
    String(sessions),
    '-m',
    String(count),
    '-d',
    ...mail,
    `127.0.0.1:${port}`,
  ]);
  if (code !== 0) throw new Error(`smtp-source against ${name} exited with ${code}.`);
  const seconds = (performance.now() - began) / 1000;
  await untilQuiet(usage);
  const used = sharesOf(usedSince(before, usage()));
  return { rate: count / seconds, cpu: used.ours / count, database: used.database / count, busyBefore };
}

function report(): string {
  const row = (name: string, found: readonly Round[]) => {
    const of = (pick: (round: Round) => number) => median(found.map(pick));
    const rate = of((round) => round.rate);
    const cpu = of((round) => round.cpu);
    const database = of((round) => round.database);
    const each = [cpu, database, cpu + database].map((value) => value.toFixed(2));
    return {
      rate,
      perCpu: 1000 / (cpu + database),
      cells: [name, rate.toFixed(0), ...each, (1000 / (cpu + database)).toFixed(0)],
    };
  };
  const [own, other] = [row('embargod', ours), row(`Postfix ${version}`, postfix)];
  const busiest = Math.max(...[...ours, ...postfix].map((round) => round.busyBefore));
  return [
    `\nDurable accepts of 4 KB over ${sessions} sessions, sealing included: medians of ${rounds} rounds of ${mails} mails, in turn.`,
    `${machineName()}; others kept at most ${busiest.toFixed(1)} cores busy before a round.\n`,
    table(['', 'a second', 'CPU ms', 'PostgreSQL ms', 'both', 'a CPU-second'], [own.cells, other.cells]),
    `To Postfix: ${(own.rate / other.rate).toFixed(2)} × by the second, ${(own.perCpu / other.perCpu).toFixed(2)} × by the CPU-second.\n`,
  ].join('\n');
}
