import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EndedEarly, keepRunning, type Running, type Timer } from './keep-running.ts';

/** A clock that stands still until told, and remembers what was asked of it. */
function handClock() {
  let now = 0;
  const waits: { milliseconds: number; call: () => void }[] = [];
  const timer: Timer = {
    now: () => now,
    after: (milliseconds, call) => {
      const wait = { milliseconds, call };
      waits.push(wait);
      return () => void waits.splice(waits.indexOf(wait), 1);
    },
  };
  const ring = async () => {
    const wait = waits.shift();
    assert.ok(wait, 'a restart is waiting');
    now += wait.milliseconds;
    wait.call();
    await turn();
    return wait.milliseconds;
  };
  return { timer, ring, waits, pass: (milliseconds: number) => (now += milliseconds) };
}

/** A process that ends when the test says so. */
function puppet() {
  let starts = 0;
  let end = (_how: string) => {};
  const start = async (): Promise<Running> => {
    starts += 1;
    const { promise, resolve } = Promise.withResolvers<string>();
    end = resolve;
    const stop = async () => resolve('asked to');
    return {
      pid: starts,
      ready: Promise.resolve({ start: String(starts) }),
      ended: promise,
      stop,
      reload: () => {},
    };
  };
  const endNow = async (how: string) => {
    end(how);
    await turn();
  };
  return { start, endNow, starts: () => starts };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a process that keeps ending is started again ever later, and after a stable minute at once again', async () => {
  const { timer, ring, pass } = handClock();
  const { start, endNow, starts } = puppet();
  const kept = keepRunning({ name: 'worker', start, timer, log: () => {} });
  assert.deepEqual(await kept.started, { start: '1' });
  const waits: number[] = [];
  for (let end = 0; end < 12; end += 1) {
    await endNow('exit code 1');
    waits.push(await ring());
  }
  assert.deepEqual(waits.slice(0, 4), [250, 500, 1000, 2000]);
  assert.deepEqual(waits.slice(-2), [60_000, 60_000]);
  pass(60_000);
  await endNow('signal SIGKILL');
  assert.equal(await ring(), 250);
  assert.equal(starts(), 14);
  await kept.stop();
});

test('a process that did its share and ended by itself is replaced at once, however often', async () => {
  const { timer, ring, pass } = handClock();
  const { start, endNow } = puppet();
  const kept = keepRunning({ name: 'opener', start, timer, log: () => {}, longestDelay: 2_000 });
  await kept.started;
  for (let share = 0; share < 5; share += 1) {
    pass(1_000);
    await endNow('exit code 0');
    assert.equal(await ring(), 0);
  }
  const waits: number[] = [];
  for (let end = 0; end < 6; end += 1) {
    await endNow('exit code 0');
    waits.push(await ring());
  }
  assert.deepEqual(waits, [250, 500, 1000, 2000, 2000, 2000]);
  await kept.stop();
});

test('stop cancels a waiting restart and does not start the process again', async () => {
  const { timer, waits } = handClock();
  const { start, endNow, starts } = puppet();
  const kept = keepRunning({ name: 'worker', start, timer, log: () => {} });
  await kept.started;
  await endNow('exit code 1');
  assert.equal(waits.length, 1);
  await kept.stop();
  assert.equal(waits.length, 0);
  assert.equal(starts(), 1);
});

test('a process that never became ready is reported, not tried for ever', async () => {
  const { timer, waits } = handClock();
  const start = async (): Promise<Running> => {
    const ready = Promise.reject(new EndedEarly('ended before it was ready'));
    return { pid: 1, ready, ended: Promise.resolve('exit code 1'), stop: async () => {}, reload: () => {} };
  };
  const kept = keepRunning({ name: 'worker', start, timer, log: () => {} });
  await assert.rejects(kept.started, /before it was ready/);
  await turn();
  assert.equal(waits.length, 0);
});

test('a restart that fails altogether is tried again later', async () => {
  const { timer, ring } = handClock();
  const { start, endNow, starts } = puppet();
  let broken = false;
  const sometimes = () => (broken ? Promise.reject(new Error('no memory')) : start());
  const kept = keepRunning({ name: 'worker', start: sometimes, timer, log: () => {} });
  await kept.started;
  broken = true;
  await endNow('exit code 1');
  assert.equal(await ring(), 250);
  broken = false;
  assert.equal(await ring(), 500);
  assert.equal(starts(), 2);
  await kept.stop();
});

test('a retired one that ends in good order is left alone; one that crashes is still started again', async () => {
  const { timer, ring, waits } = handClock();
  const { start, endNow, starts } = puppet();
  const kept = keepRunning({ name: 'opener', start, timer, log: () => {} });
  await kept.started;
  kept.retire();
  await endNow('signal SIGKILL');
  await ring();
  assert.equal(starts(), 2);
  await endNow('exit code 0');
  assert.equal(waits.length, 0);
});
