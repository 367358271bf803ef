/**
 * `npm run bench:fanout`: what it costs to pass a report on, signed and sealed to every reader, and to hand each copy
 * to a mail server. Real processes, real PostgreSQL, real SMTP; Schleuder beside it where `../shared/peers` is.
 */
import { makeReporter } from './stage/encrypted-report.ts';
import { type FanOutFigures, measureFanOut } from './stage/fan-out.ts';
import { startMeasuredServer } from './stage/measured-server.ts';
import { readOptions } from './stage/options.ts';
import { showProgress } from './stage/progress.ts';
import { measureSchleuder, type SchleuderFigures } from './stage/schleuder.ts';
import { startSink } from './stage/sink.ts';
import { table } from './stage/table.ts';

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

type Case = Readonly<{ size: number; readers: number; warmUp: number; measured: number }>;

const cases: readonly Case[] = [
  { size: 4 * kilobyte, readers: 10, warmUp: 10, measured: 30 },
  { size: 4 * kilobyte, readers: 100, warmUp: 5, measured: 20 },
  { size: 4 * kilobyte, readers: 1000, warmUp: 2, measured: 5 },
  { size: megabyte, readers: 10, warmUp: 3, measured: 10 },
  { size: megabyte, readers: 100, warmUp: 3, measured: 8 },
  { size: megabyte, readers: 1000, warmUp: 1, measured: 2 },
  { size: 10 * megabyte, readers: 10, warmUp: 2, measured: 4 },
  { size: 10 * megabyte, readers: 100, warmUp: 1, measured: 2 },
  { size: 10 * megabyte, readers: 1000, warmUp: 1, measured: 1 },
];

const options = readOptions('Measures fan-out: CPU and time for each reader, memory in all.');
const progress = showProgress();
const figures = await measureOurs(cases.filter(isWanted));
const peer = options.withoutPeer ? undefined : await measureSchleuder(options.quick, progress);
progress.done();
process.stdout.write(options.json ? `${JSON.stringify({ figures, peer })}\n` : report(figures, peer));

function isWanted({ size, readers }: Case): boolean {
  if (options.only.length > 0) return options.only.includes(`${nameOf(size)}×${readers}`.replace(' ', ''));
  return !options.quick || (readers <= 100 && size <= megabyte);
}

/** An installation for each length of list, as the roster's other people cost something too. */
async function measureOurs(wanted: readonly Case[]): Promise<readonly FanOutFigures[]> {
  const found: FanOutFigures[] = [];
  for (const readers of new Set(wanted.map((one) => one.readers)))
    found.push(
      ...(await measureList(
        readers,
        wanted.filter((one) => one.readers === readers),
      )),
    );
  return found.toSorted((left, right) => left.size - right.size || left.readers - right.readers);
}

async function measureList(readers: number, wanted: readonly Case[]): Promise<readonly FanOutFigures[]> {
  const sink = await startSink();
  const server = await startMeasuredServer(sink.port);
  try {
    const reporter = await makeReporter();
    const list = `readers-${readers}`;
    const listKey = await server.found(list, readers, progress);
    const taken = { count: 0 };
    const found: FanOutFigures[] = [];
    for (const one of wanted)
      found.push(await measureFanOut({ ...one, list, listKey }, { server, sink, reporter, taken, progress }));
    return found;
  } finally {
    await server.close();
    sink.close();
  }
}

function report(ours: readonly FanOutFigures[], peer: SchleuderFigures | undefined): string {
  const milliseconds = (value: number | undefined) => (value === undefined ? '' : value.toFixed(2));
  const rows = ours.map((one) => [
    `${nameOf(one.size)} × ${one.readers}`,
    milliseconds(one.cpu),
    milliseconds(one.database),
    milliseconds(one.cpu + one.database),
    milliseconds(one.wall),
    `${milliseconds(one.coldCpu)} + ${milliseconds(one.coldDatabase)}`,
    milliseconds(one.coldWall),
    (one.peakMemory / megabyte).toFixed(0),
    milliseconds(peer?.[`${one.size} ${one.readers}`]),
  ]);
  const headings = [
    'report × readers',
    'ours',
    'PostgreSQL',
    'both',
    'wall',
    'cold CPU',
    'cold wall',
    'peak MB',
  ];
  const parts = (one: FanOutFigures, of: Readonly<Record<string, number>>, least: number, digits: number) => {
    const shown = Object.entries(of).filter(([, value]) => value >= least);
    return `  ${nameOf(one.size)} × ${one.readers}: ${shown.map(([name, value]) => `${name} ${value.toFixed(digits)}`).join(', ')}`;
  };
  const inMegabytes = (of: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(of).map(([name, bytes]) => [name, bytes / megabyte]));
  return [
    '\nMilliseconds for each reader: CPU of all our processes, of PostgreSQL, of both; wall from DATA to the last copy.',
    'Cold: the first report after a start, ours + PostgreSQL. Peak: PSS of all our processes, without PostgreSQL.\n',
    table(peer ? [...headings, 'Schleuder CPU'] : headings, rows),
    'CPU by process:',
    ...ours.map((one) => parts(one, one.byProcess, 0.005, 2)),
    'Memory by process at the peak, MB:',
    ...ours.map((one) => parts(one, inMegabytes(one.memoryByProcess), 1, 0)),
    '',
  ].join('\n');
}

function nameOf(size: number): string {
  return size >= megabyte ? `${size / megabyte} MB` : `${size / kilobyte} KB`;
}
