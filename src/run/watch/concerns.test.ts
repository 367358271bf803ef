import assert from 'node:assert/strict';
import { test } from 'node:test';
import { day, hour, instantFromMilliseconds, later, minute, second } from '../../time/instant.ts';
import { concernsOf, type WatchedHeartbeat, type WatchFacts } from './concerns.ts';

const now = instantFromMilliseconds(1_795_000_000_000);
const names = ['intake', 'keyholder', 'sender', 'public-keeper', 'public-site'];
const beat = (process: string, change: Partial<WatchedHeartbeat> = {}): WatchedHeartbeat => ({
  process,
  instance: 'one',
  note: '',
  age: 10 * second,
  clockAhead: 0,
  ...change,
});
const well: WatchFacts = {
  watchedFor: hour,
  heartbeats: names.map((name) => beat(name)),
  relay: { kind: 'reachable' },
  diskFree: 0.5,
  doorCertificateEnds: later(now, 60 * day),
};
const kinds = (change: Partial<WatchFacts>) => concernsOf({ ...well, ...change }, now);

test('a server that is well gives no concern', () => {
  assert.deepEqual(kinds({}), []);
  assert.deepEqual(
    kinds({ relay: { kind: 'unknown' }, diskFree: undefined, doorCertificateEnds: undefined }),
    [],
  );
});

test('a keyholder that is silent, or was never heard of, is missed; one that works on another machine is enough', () => {
  const without = names.filter((name) => name !== 'keyholder').map((name) => beat(name));
  const silent = [{ kind: 'process-silent', process: 'keyholder' }];
  assert.deepEqual(kinds({ heartbeats: without }), silent);
  const old = beat('keyholder', { age: 3 * minute });
  assert.deepEqual(kinds({ heartbeats: [...without, old] }), silent);
  assert.deepEqual(kinds({ heartbeats: [...without, old, beat('keyholder', { instance: 'two' })] }), []);
});

test('a restored database that waits for its confirmation is told of, until it is confirmed', () => {
  const others = names.filter((name) => name !== 'keyholder').map((name) => beat(name));
  assert.deepEqual(kinds({ heartbeats: [...others, beat('keyholder', { note: 'frozen' })] }), [
    { kind: 'frozen' },
  ]);
});

test('of two that stand side by side each is missed, though the other works; a former number of them is not', () => {
  const others = names.filter((name) => name !== 'intake').map((name) => beat(name));
  const [first, second] = ['vs1--1-of-2', 'vs1--2-of-2'].map((instance) => beat('intake', { instance }));
  assert.ok(first && second);
  const silent = [{ kind: 'process-silent', process: 'intake', instance: 'vs1--2-of-2' }];
  assert.deepEqual(kinds({ heartbeats: [...others, first, second] }), []);
  const old = { ...second, age: 4 * minute };
  assert.deepEqual(kinds({ heartbeats: [...others, first, old] }), silent);
  assert.deepEqual(kinds({ heartbeats: [...others, first] }), silent);
  assert.deepEqual(kinds({ heartbeats: [...others, first], watchedFor: minute }), []);
  const former = [first, second].map((one) => ({ ...one, age: 2.9 * minute }));
  const alone = beat('intake', { instance: 'vs1' });
  assert.deepEqual(kinds({ heartbeats: [...others, ...former, alone] }), []);
});

test('after a start of everything, heartbeats from before are no alarm until there was time for new ones', () => {
  const heartbeats = names.map((name) => beat(name, { age: 3 * day }));
  assert.deepEqual(kinds({ heartbeats, watchedFor: 2 * minute }), []);
  assert.equal(kinds({ heartbeats, watchedFor: 3 * minute }).length, names.length);
});

test('a relay that restarts is no alarm, one that is away for five minutes is; none at all is one at once', () => {
  const away = (time: number) =>
    kinds({ relay: { kind: 'unreachable', reason: 'connection-refused', for: time } });
  assert.deepEqual(away(4 * minute), []);
  assert.deepEqual(away(5 * minute), [{ kind: 'relay-unreachable', reason: 'connection-refused' }]);
  assert.deepEqual(kinds({ relay: { kind: 'none' } }), [{ kind: 'relay-missing' }]);
});

test('a disk, a clock, a certificate and a database: each is told at its limit and not before', () => {
  assert.deepEqual(kinds({ diskFree: 0.11 }), []);
  assert.deepEqual(kinds({ diskFree: 0.09 }), [{ kind: 'disk-nearly-full', free: 0.09 }]);
  const clock = (clockAhead: number) =>
    kinds({ heartbeats: names.map((name) => beat(name, { clockAhead })) });
  assert.deepEqual(clock(4 * second), []);
  assert.equal(clock(-6 * second).length, names.length);
  assert.deepEqual(kinds({ doorCertificateEnds: later(now, 15 * day) }), []);
  const ends = later(now, 13 * day);
  assert.deepEqual(kinds({ doorCertificateEnds: ends }), [{ kind: 'certificate-ends', at: ends }]);
  assert.deepEqual(kinds({ heartbeats: undefined }), [{ kind: 'database-unreachable' }]);
});
