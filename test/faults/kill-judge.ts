/** What a storm of kills has left: the sink's own log against what was promised (I1, I6), and the database's state. */
import assert from 'node:assert/strict';
import { Client } from 'pg';
import { nothingUnowned } from '../stand-ins/nothing-forgotten.ts';
import { processesOf } from '../stand-ins/process-facts.ts';
import type { Kill, Storm } from './kill-storm.ts';
import { superuserOf, type Victim } from './kill-victims.ts';

export type Copy = Readonly<{ reader: string; messageId: string; raw: string; at: number }>;

/** A copy that a reader has twice, and the kill that explains it. */
export type Repeat = Readonly<{ copy: Copy; gap: number; kill: Kill | undefined }>;

export function copiesOf({ here }: Storm): readonly Copy[] {
  return here.sink
    .log()
    .filter((entry) => entry.event === 'taken')
    .map((entry) => {
      const raw = Buffer.from(String(entry.raw), 'base64').toString('latin1');
      const messageId = /^Message-ID: (\S+)/im.exec(raw)?.[1] ?? '';
      return { reader: String(entry.recipient), messageId, raw, at: Number(entry.at) };
    });
}

/** Resolves when every reader has so many messages; the test's own timeout is the limit. */
export async function everybodyHas(storm: Storm, messages: number): Promise<void> {
  for (let count = messages * storm.readers.length; ; ) {
    await storm.here.sink.taken(count);
    const held = new Set(copiesOf(storm).map(({ reader, messageId }) => `${reader} ${messageId}`));
    const missing = messages * storm.readers.length - held.size;
    if (missing <= 0) return;
    count += missing;
  }
}

/**
 * I1's first window: the sink had logged the copy, and sender died before the outcome was on record. Its own death
 * ends the window; the database's opens it for as long as the outcome cannot be written, and it is then sender's
 * memory that holds it. A supervisor's death stops its processes in good order, so it opens none.
 */
const recordTakes = 1_000;
/** Bytes of a dead sender that the kernel still had, and the sink read later. */
const wireHolds = 500;
const outageTakes = 15_000;

export function repeatsOf(copies: readonly Copy[], kills: readonly Kill[]): readonly Repeat[] {
  const last = new Map<string, Copy>();
  const repeats: Repeat[] = [];
  for (const copy of copies) {
    const name = `${copy.reader} ${copy.messageId}`;
    const earlier = last.get(name);
    last.set(name, copy);
    if (earlier) repeats.push({ copy, ...explained(earlier.at, copy.at, kills) });
  }
  return repeats;
}

function explained(taken: number, again: number, kills: readonly Kill[]): Omit<Repeat, 'copy'> {
  const between = kills.filter(
    ({ victim, at }) => victim === 'sender' && at >= taken - wireHolds && at <= again,
  );
  const outage = (from: number, to: number) =>
    kills.some(({ victim, at }) => isDatabase(victim) && at >= from - recordTakes && at <= to);
  for (const kill of between) {
    const gap = kill.at - taken;
    if (gap <= recordTakes || (gap <= outageTakes && outage(taken, kill.at))) return { gap, kill };
  }
  return { gap: again - taken, kill: undefined };
}

function isDatabase(victim: Victim): boolean {
  return victim === 'postmaster' || victim === 'backend' || victim === 'supervisor';
}

/** The kills and the first and second taking of a repeated copy, in ms from the first kill: for people who look into it. */
export function timeline({ copy, gap, kill }: Repeat, kills: readonly Kill[]): string {
  const start = kills[0]?.at ?? 0;
  const all = kills.map(({ victim, at }) => `${victim} ${at - start}`).join(', ');
  return `again at ${copy.at - start}, gap ${gap} (${kill?.victim ?? 'no kill'}); ${all}`;
}

/** Deliveries at one time: so many outcomes can be missing when sender dies. */
export const lanes = 5;

export function judgeRepeats(repeats: readonly Repeat[]): void {
  for (const { copy, gap, kill } of repeats)
    assert.ok(
      kill,
      `${copy.reader} has ${copy.messageId} again, ${gap} ms later, and nobody died in between`,
    );
  for (const [kill, group] of Map.groupBy(repeats, (repeat) => repeat.kill))
    assert.ok(group.length <= lanes, `${kill?.victim} died once, and ${group.length} copies came twice`);
}

/** Every copy opens with its reader's key, and together they are every report. */
export async function judgeContents(storm: Storm, copies: readonly Copy[], messages: number): Promise<void> {
  const reports = new Map(storm.readers.map((reader) => [reader, new Set<string>()]));
  const seen = new Set<string>();
  const once = copies.filter(({ reader, messageId }) => {
    const fresh = !seen.has(`${reader} ${messageId}`);
    seen.add(`${reader} ${messageId}`);
    return fresh;
  });
  const queue = once.values();
  const readAll = async () => {
    for (const { reader, raw } of queue) {
      const { code, stdout, stderr } = await storm.here.gpg.decrypt(Buffer.from(raw, 'latin1'));
      assert.equal(code, 0, stderr);
      const report = /\[vs\] (r\d+)\.: it overflows/.exec(Buffer.from(stdout).toString())?.[1];
      assert.ok(report, 'a copy holds its report');
      reports.get(reader)?.add(report);
    }
  };
  await Promise.all([readAll(), readAll(), readAll()]);
  for (const [reader, held] of reports) assert.equal(held.size, messages, `${reader} has every report`);
}

/** One case a report, nothing waits, everything has an owner, the journal verifies, every process is back. */
export async function judgeState(storm: Storm, messages: number): Promise<void> {
  const { here } = storm;
  const cases = await here.ask('case', 'list');
  assert.ok(Array.isArray(cases));
  assert.equal(cases.length, messages, 'a report whose 250 was lost opened no second case');
  assert.deepEqual(await here.ask('outbox', 'list'), []);
  assert.deepEqual(await here.ask('held', 'list'), []);
  await here.order('journal', 'verify');
  const superuser = new Client(await superuserOf(here.data));
  await superuser.connect();
  try {
    await nothingUnowned(async (sql) => (await superuser.query(sql)).rows);
    const waiting = await superuser.query(`SELECT id FROM inbox WHERE state = 'waiting'`);
    assert.deepEqual(waiting.rows, []);
  } finally {
    await superuser.end();
  }
  const running = await processesOf(storm.server().pid);
  for (const name of [
    'intake-process',
    'keyholder',
    'opener',
    'sender-process',
    'public-keeper',
    'public-site',
  ])
    assert.ok(running.has(name), `${name} runs`);
}
