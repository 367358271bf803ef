import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from '../../mail/address.ts';
import { day, type Instant, instantFromMilliseconds, later, minute } from '../../time/instant.ts';
import { writeAlarmMail } from './alarm-mail.ts';
import type { Concern, WatchFacts } from './concerns.ts';
import { createWatch } from './watch.ts';
import { wordConcern } from './word-concern.ts';

const start = instantFromMilliseconds(1_795_000_000_000);
const fine: WatchFacts = {
  watchedFor: 0,
  heartbeats: [],
  relay: { kind: 'reachable' },
  diskFree: 0.5,
  doorCertificateEnds: undefined,
};

function stage() {
  const log: string[] = [];
  const told: string[] = [];
  const state: { now: Instant; facts: WatchFacts; takes: boolean } = { now: start, facts: fine, takes: true };
  const watch = createWatch({
    clock: () => state.now,
    facts: async () => state.facts,
    tell: async ({ concern }) => {
      if (state.takes) told.push(concern.kind);
      return state.takes;
    },
    log: {
      info: (event, fields) => log.push(`${event} ${fields?.code}`),
      error: (event, fields) => log.push(`${event} ${fields?.code}`),
    },
  });
  return { watch, state, log, told };
}

test('a concern is logged when it begins and when it ends, and mailed once a day while it lasts', async () => {
  const { watch, state, log, told } = stage();
  state.facts = { ...fine, diskFree: 0.05 };
  await watch.look();
  state.now = later(start, minute);
  assert.equal((await watch.look())[0]?.since, start);
  assert.deepEqual([log, told], [['concern-began disk-nearly-full'], ['disk-nearly-full']]);
  state.now = later(start, day);
  await watch.look();
  assert.equal(told.length, 2);
  state.facts = fine;
  assert.deepEqual(await watch.look(), []);
  assert.equal(log.at(-1), 'concern-ended disk-nearly-full');
});

test('an alarm that the relay did not take is tried again at the next look', async () => {
  const { watch, state, told } = stage();
  state.takes = false;
  state.facts = { ...fine, relay: { kind: 'unreachable', reason: 'connection-refused', for: 10 * minute } };
  await watch.look();
  assert.deepEqual(told, []);
  state.takes = true;
  state.now = later(start, minute);
  await watch.look();
  assert.deepEqual(told, ['relay-unreachable']);
});

test('an alarm mail is plain ASCII, automatic, and says only what a concern has room for', () => {
  const concerns: readonly Concern[] = [
    { kind: 'process-silent', process: 'keyholder' },
    { kind: 'relay-unreachable', reason: 'connection-refused' },
    { kind: 'relay-missing' },
    { kind: 'database-unreachable' },
    { kind: 'disk-nearly-full', free: 0.031 },
    { kind: 'clock-differs', process: 'intake', instance: 'vs1', by: -7_400 },
    { kind: 'certificate-ends', at: start },
  ];
  const address = parseAddress('operators@example.org') ?? assert.fail();
  for (const concern of concerns) {
    const bytes = writeAlarmMail({
      concern,
      since: start,
      now: later(start, minute),
      from: address,
      to: address,
      domain: 'lists.example.org',
      machine: 'vs1',
      id: 'f00',
    });
    const text = new TextDecoder().decode(bytes);
    assert.match(text, /^[\r\n -~]+$/);
    assert.doesNotMatch(text, /[^\r]\n|^\./m);
    assert.match(text, new RegExp(`^Subject: embargod on vs1: ${concern.kind}\\r$`, 'm'));
    assert.match(text, /^Auto-Submitted: auto-generated\r$/m);
    assert.ok(text.includes(wordConcern(concern).what));
  }
});
