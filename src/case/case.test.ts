import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, certificateOf, noon } from '../../test/stand-ins/community.ts';
import { makeCase } from '../../test/stand-ins/letters.ts';
import { formatInstant } from '../time/instant.ts';
import { applyCaseEvent } from './apply-case-event.ts';
import { latestRelease } from './case.ts';

test('the embargo counts from the first receipt by the list', () => {
  assert.equal(formatInstant(latestRelease(makeCase(), 14)), '2026-12-07T12:00:00Z');
});

test('a guest joins those who are there, and no case comes into being by a guest', () => {
  const guest = {
    id: 'g',
    address: address('g@up.example'),
    certificate: certificateOf('g'),
    effectiveFrom: noon,
  };
  const invited = { kind: 'guest-added', caseNumber: 'VS-2026-0042', guest } as const;
  const before = makeCase();
  assert.deepEqual(applyCaseEvent(before, invited)?.guests, [guest]);
  assert.deepEqual(before.guests, []);
  assert.equal(applyCaseEvent(undefined, invited), undefined);
});
