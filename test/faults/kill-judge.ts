/** What a storm of kills has left: the sink's own log against what was promised (I1, I6), and the database's state. */
import assert from 'node:assert/strict';
import { Client } from 'pg';
import { superuserOf } from '../stand-ins/installation-database.ts';
import { nothingUnowned } from '../stand-ins/nothing-forgotten.ts';
import { processesOf } from '../stand-ins/process-facts.ts';
import type { Kill, Storm } from './kill-storm.ts';
import type { Victim } from './kill-victims.ts';

/** Waits for the last copy, then judges everything. The counts are said first, so that a failure has them. */
export async function judgeStorm(
  storm: Storm,
  messages: number,
  told: Told,
): Promise<Readonly<{ repeats: number }>> {
  const diagnostic = told.diagnostic.bind(told);
  const { kills, readers } = storm;
  const counts = Map.groupBy(kills, ({ victim }) => victim);
  diagnostic(`${kills.length} kills: ${[...counts].map(([who, of]) => `${who} ${of.length}`).join(', ')}`);
  await everybodyHas(storm, messages);
  const copies = copiesOf(storm);
  const repeats = repeatsOf(copies, kills);
  for (const repeat of repeats) diagnostic(timeline(repeat, kills));
  diagnostic(
    `${messages} messages, ${readers.length} readers, ${copies.length} copies, ${repeats.length} of them repeats; ` +
      `${storm.unanswered()} times the answer to a report was lost; ${Math.round((Date.now() - (kills[0]?.at ?? 0)) / 1000)} s`,
  );
  judgeRepeats(repeats);
  const ids = new Set(copies.map((copy) => copy.messageId));
  assert.equal(ids.size, messages, 'a message for every report, and no other');
  await judgeContents(storm, copies, messages);
  await judgeState(storm, messages);
  return { repeats: repeats.length };
}

type Told = Readonly<{ diagnostic: (text: string) => void }>;

type Copy = Readonly<{ reader: string; messageId: string; raw: string; at: number }>;

/** A copy that a reader has twice, and the kill that explains it. */
type Repeat = Readonly<{ copy: Copy; gap: number; kill: Kill | undefined }>;

function copiesOf({ here }: Storm): readonly Copy[] {
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
async function everybodyHas(storm: Storm, messages: number): Promise<void> {
  for (let count = messages * storm.readers.length; ; ) {
    await storm.here.sink.taken(count);
    const held = new Set(copiesOf(storm).map(({ reader, messageId }) => `${reader} ${messageId}`));
    const missing = messages * storm.readers.length - held.size;
    if (missing <= 0) return;
    count += missing;
  }
}

/**
 * I1's first window: the sink had the copy, and sender died before the outcome was on record. While the database is
 * down an outcome cannot be recorded and is in sender's memory: then the window lasts until it is. An end in good order,
 * as when the supervisor dies, waits for that and opens no window. An idle machine records in milliseconds; one that runs
 * four tests at once was seen to take over a second and a half.
 */
const recordTakes = 5_000;
/** Bytes of a dead sender that the kernel still had, and the sink read later. */
const wireHolds = 500;
/** After the database is back: sender's next look, and the record. */
const looksAgain = 3_000;

function repeatsOf(copies: readonly Copy[], kills: readonly Kill[]): readonly Repeat[] {
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
  const deaths = kills.filter(
    ({ victim, at }) => victim === 'sender' && at >= taken - wireHolds && at <= again,
  );
  for (const kill of deaths) {
    const gap = kill.at - taken;
    if (gap <= recordTakes || unrecordable(taken, kill.at, kills)) return { gap, kill };
  }
  return { gap: again - taken, kill: undefined };
}

/** Whether the outcome met a database that was down, or about to be, and sender ended before it had looked again. */
function unrecordable(taken: number, end: number, kills: readonly Kill[]): boolean {
  return kills.some(
    ({ victim, at, back = at }) =>
      isDatabase(victim) &&
      taken >= at - recordTakes &&
      taken <= back &&
      end >= at &&
      end <= back + looksAgain,
  );
}

function isDatabase(victim: Victim): boolean {
  return ['postmaster', 'backend', 'fast restart', 'immediate restart'].includes(victim);
}

const timelineShows = 15_000;

/** The kills and the first and second taking of a repeated copy, in ms from the first kill: for people who look into it. */
function timeline({ copy, gap, kill }: Repeat, kills: readonly Kill[]): string {
  const start = kills[0]?.at ?? 0;
  const near = kills.filter(({ at }) => at <= copy.at && at >= copy.at - timelineShows);
  const all = near.map(({ victim, at, moment }) => `${victim} ${at - start} ${moment}`).join(', ');
  return `again at ${copy.at - start}, ${gap} ms from taking to ${kill?.victim ?? 'nothing'}; kills: ${all}`;
}

/** Deliveries at one time: so many outcomes can be missing when sender dies. */
const lanes = 5;

function judgeRepeats(repeats: readonly Repeat[]): void {
  for (const { copy, gap, kill } of repeats)
    assert.ok(
      kill,
      `${copy.reader} has ${copy.messageId} again, ${gap} ms later, and nobody died in between`,
    );
  for (const [kill, group] of Map.groupBy(repeats, (repeat) => repeat.kill))
    assert.ok(group.length <= lanes, `${kill?.victim} died once, and ${group.length} copies came twice`);
}

/** Every copy opens with its reader's key, and together they are every report. */
async function judgeContents(storm: Storm, copies: readonly Copy[], messages: number): Promise<void> {
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
async function judgeState(storm: Storm, messages: number): Promise<void> {
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
