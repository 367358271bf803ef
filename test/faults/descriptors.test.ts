import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { limitOf, processesOf } from '../stand-ins/process-facts.ts';
import { type SmallCommunity, smallCommunity } from '../stand-ins/small-community.ts';

/** Each process runs out of file descriptors while it works, and has them again later: nothing is lost, nobody spins. */
const limit = { timeout: 120_000 };
const run = promisify(execFile);
let community: SmallCommunity;

before(async () => {
  community = await smallCommunity();
}, limit);
after(() => community?.close());

async function pidOf(name: string): Promise<number> {
  for (;;) {
    const pid = (await processesOf(community.server().pid)).get(name);
    if (pid !== undefined) return pid;
  }
}

/** Leaves it so many descriptors besides those that it has open; gives what takes that back. */
async function starve(pid: number, spare: number): Promise<() => Promise<void>> {
  const usual = (await limitOf(pid, 'Max open files')).replace(' ', ':');
  const open = new Set((await readdir(`/proc/${pid}/fd`)).map(Number));
  // The kernel gives the lowest number that is free, and refuses numbers from the limit on.
  const free = Array.from({ length: open.size + spare + 1 }, (_, number) => number).filter(
    (number) => !open.has(number),
  );
  const soft = free[spare] ?? 0;
  await run('prlimit', ['--pid', String(pid), `--nofile=${soft}:${usual.split(':')[1]}`]);
  return async () => {
    // It may have ended over it, and its successor has the usual limit.
    await run('prlimit', ['--pid', String(pid), `--nofile=${usual}`]).catch(() => undefined);
  };
}

/** Ticks of 10 ms on the processor; none for one that has ended over it, as keyholder does rather than forget. */
async function ticksOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.replace(/^.*\) /, '').split(' ');
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

/**
 * Waits for a second in which it used less than a quarter of a processor. One that spins never has such a second, and
 * the test ends at its limit; one that has just been started again over it comes to rest, on the slowest machine too.
 */
async function comesToRest(current: () => number | Promise<number>): Promise<void> {
  for (;;) {
    const pid = await current();
    const before = await ticksOf(pid);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const used = (await ticksOf(pid)) - before;
    if ((await current()) === pid && used < 25) return;
  }
}

function connectMany(port: number, count: number): readonly Socket[] {
  return Array.from({ length: count }, () => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => {}).resume();
    return socket;
  });
}

const copies = () => community.copiesFor(community.readers[0] ?? '').length;

test('intake: turns peers away without spinning, and takes mail again', limit, async () => {
  const had = copies();
  const pid = await pidOf('intake-process');
  const feed = await starve(pid, 4);
  const sockets = connectMany(community.here.smtpPort, 40);
  await comesToRest(() => pid);
  assert.doesNotMatch(await community.report('i1'), /^250/);
  for (const socket of sockets) socket.destroy();
  await feed();
  await community.reportUntilTaken('i1');
  await community.here.sink.taken(had + 1);
  assert.equal(await pidOf('intake-process'), pid);
});

test('public-site: turns visitors away without spinning, and serves again', limit, async () => {
  const pid = await pidOf('public-site');
  const feed = await starve(pid, 2);
  const sockets = connectMany(community.here.sitePort, 40);
  await comesToRest(() => pid);
  for (const socket of sockets) socket.destroy();
  await feed();
  const page = await fetch(`http://127.0.0.1:${community.here.sitePort}/`);
  assert.equal(page.status, 200);
  assert.equal(await pidOf('public-site'), pid);
});

for (const name of ['sender-process', 'keyholder', 'opener', 'public-keeper']) {
  test(`${name}: what it could not do is done later, once`, limit, async () => {
    const had = copies();
    const feed = await starve(await pidOf(name), 0);
    await community.reportUntilTaken(`n-${name}`);
    await comesToRest(() => pidOf(name));
    await feed();
    await community.here.sink.taken(had + 1);
    assert.deepEqual(await community.here.ask('held', 'list'), []);
    await community.here.order('journal', 'verify');
    assert.equal(copies(), had + 1);
  });
}

test('supervisor: cannot start what has died, and does so when it can', limit, async () => {
  const had = copies();
  const { pid } = community.server();
  const feed = await starve(pid, 0);
  process.kill(await pidOf('sender-process'), 'SIGKILL');
  await community.reportUntilTaken('supervised');
  await community.server().line(/"process":"sender".*starting again in 0.5 s/);
  await comesToRest(() => pid);
  await feed();
  await community.here.sink.taken(had + 1);
  assert.equal(copies(), had + 1);
});
