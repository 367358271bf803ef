import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantFromMilliseconds } from '../../time/instant.ts';
import { logLine } from './log-line.ts';

const now = instantFromMilliseconds(1_795_000_000_000);
const read = (name: string, line: string) => JSON.parse(logLine(name, line, now));

test('a process’s JSON line passes as it is, under the name that the supervisor knows it by', () => {
  const line =
    '{"level":30,"time":"2026-11-23T12:00:00.000Z","process":"intake","id":"a","msg":"inbox-row-stored"}';
  assert.equal(logLine('intake', line, now), line);
  const forged = read(
    'public-site',
    '{"process":"keyholder","msg":"x","process":"keyholder","__proto__":{"a":1}}',
  );
  assert.equal(forged.process, 'public-site');
});

test('what is no JSON object becomes a field of one', () => {
  for (const line of ['Ended by a fault: ENOSPC', '[1]', '{"half', 'null', '']) {
    const { process, msg, text, time } = read('opener', line);
    assert.deepEqual([process, msg, text, time], ['opener', 'said', line, '2026-11-18T11:06:40.000Z']);
  }
});
