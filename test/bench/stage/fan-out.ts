/** One case of the fan-out bench: reports of one size to a list of one length, from a cold start to a steady state. */
import type { Reporter } from './encrypted-report.ts';
import { listAddress, type MeasuredServer } from './measured-server.ts';
import { sharesOf, type Usage, usedSince } from './process-usage.ts';
import type { Progress } from './progress.ts';
import { untilQuiet } from './quiet.ts';
import type { Sink } from './sink.ts';
import { openSubmission, submit } from './submit.ts';
import { median } from './table.ts';
import { watchMemory } from './watch-memory.ts';

export type FanOutCase = Readonly<{
  list: string;
  listKey: string;
  readers: number;
  size: number;
  /** Reports before those that are measured; the first of them is the cold one. */
  warmUp: number;
  measured: number;
}>;

/** Milliseconds for each reader and report, but for the memory, in bytes. */
export type FanOutFigures = Readonly<{
  readers: number;
  size: number;
  reports: number;
  cpu: number;
  database: number;
  byProcess: Readonly<Record<string, number>>;
  wall: number;
  coldCpu: number;
  coldDatabase: number;
  coldWall: number;
  peakMemory: number;
  memoryByProcess: Readonly<Record<string, number>>;
}>;

export type FanOutStage = Readonly<{
  server: MeasuredServer;
  sink: Sink;
  reporter: Reporter;
  /** Mails that the sink has taken so far. */
  taken: { count: number };
  progress: Progress;
}>;

export async function measureFanOut(one: FanOutCase, stage: FanOutStage): Promise<FanOutFigures> {
  const { server } = stage;
  await server.restart();
  const peak = watchMemory(server.ours);
  const cold = await sendReports({ ...one, count: 1 }, stage);
  if (one.warmUp > 1) await sendReports({ ...one, count: one.warmUp - 1 }, stage);
  const warm = await sendReports({ ...one, count: one.measured }, stage);
  const memory = peak();
  const stuck = await server.unsettled();
  if (stuck > 0) throw new Error(`${stuck} copies to ${one.list} did not go out.`);
  const each = one.readers * one.measured;
  const steady = sharesOf(warm.used);
  const first = sharesOf(cold.used);
  return {
    readers: one.readers,
    size: one.size,
    reports: one.measured,
    cpu: steady.ours / each,
    database: steady.database / each,
    byProcess: Object.fromEntries([...warm.used.cpu].map(([name, cpu]) => [name, cpu / each])),
    wall: median(warm.walls) / one.readers,
    coldCpu: first.ours / one.readers,
    coldDatabase: first.database / one.readers,
    coldWall: median(cold.walls) / one.readers,
    peakMemory: memory.total,
    memoryByProcess: memory.byProcess,
  };
}

/** One after the other, each to its last copy: the way reports come. */
async function sendReports(
  { list, listKey, readers, size, count }: FanOutCase & Readonly<{ count: number }>,
  { server, sink, reporter, taken, progress }: FanOutStage,
): Promise<Readonly<{ used: Usage; walls: readonly number[] }>> {
  const to = listAddress(list);
  const client = await openSubmission(server.smtpPort);
  const before = server.usage();
  const walls: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const raw = await reporter.report(to, listKey, size);
    progress.say(`${readers} readers, ${size} bytes: report ${number + 1} of ${count}`);
    const began = performance.timeOrigin + performance.now();
    await submit(client, { from: reporter.address, to, raw });
    taken.count += readers;
    walls.push((await sink.taken(taken.count)) - began);
  }
  client.close();
  await untilQuiet(server.usage);
  return { used: usedSince(before, server.usage()), walls };
}
