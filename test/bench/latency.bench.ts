/**
 * `npm run bench:latency`: from the `250` for a report to the moment the last of 100 copies is in the peer's hands, one
 * report at a time on an idle machine. Wall time, so it says how busy the machine was.
 */
import { makeReporter } from './stage/encrypted-report.ts';
import { machineName, untilIdle } from './stage/machine.ts';
import { listAddress, startMeasuredServer } from './stage/measured-server.ts';
import { readOptions } from './stage/options.ts';
import { showProgress } from './stage/progress.ts';
import { untilQuiet } from './stage/quiet.ts';
import { startSink } from './stage/sink.ts';
import { openSubmission, submit } from './stage/submit.ts';
import { median, table } from './stage/table.ts';

const readers = 100;
const size = 4096;
const list = `readers-${readers}`;

type Run = Readonly<{ milliseconds: number; busyBefore: number }>;

const options = readOptions('Measures how long the last of 100 readers waits for a report.');
const progress = showProgress();
const { cold, runs } = await measure(options.quick ? 9 : 21);
progress.done();
const times = runs.map((run) => run.milliseconds);
const busiest = Math.max(...runs.map((run) => run.busyBefore));
const figures = {
  median: median(times),
  fastest: Math.min(...times),
  slowest: Math.max(...times),
  cold: cold.milliseconds,
  runs: runs.length,
  busiest,
};
process.stdout.write(options.json ? `${JSON.stringify({ ...figures, each: runs })}\n` : report());

async function measure(wanted: number): Promise<Readonly<{ cold: Run; runs: readonly Run[] }>> {
  const sink = await startSink();
  const server = await startMeasuredServer(sink.port);
  try {
    const reporter = await makeReporter();
    const key = await server.found(list, readers, progress);
    await server.restart();
    let taken = 0;
    const once = async (): Promise<Run> => {
      const raw = await reporter.report(listAddress(list), key, size);
      await untilQuiet(server.usage);
      const busyBefore = await untilIdle();
      const client = await openSubmission(server.smtpPort);
      const accepted = await submit(client, { from: reporter.address, to: listAddress(list), raw });
      taken += readers;
      const milliseconds = (await sink.taken(taken)) - accepted;
      client.close();
      return { milliseconds, busyBefore };
    };
    const first = await once();
    const found: Run[] = [];
    while (found.length < wanted) {
      progress.say(`Report ${found.length + 1} of ${wanted}`);
      found.push(await once());
    }
    return { cold: first, runs: found };
  } finally {
    await server.close();
    sink.close();
  }
}

function report(): string {
  const { cold: first, ...others } = figures;
  const row = [others.median, others.fastest, others.slowest, first].map((value) => `${value.toFixed(0)} ms`);
  return [
    `\nAccepted to last of ${readers} copies handed over, 4 KB, ${others.runs} reports one at a time.`,
    `${machineName()}; others kept at most ${busiest.toFixed(1)} cores busy before a report.\n`,
    table(['', 'median', 'fastest', 'slowest', 'first after a start'], [['latency', ...row]]),
  ].join('\n');
}
