import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noon } from '../../../test/stand-ins/community.ts';
import { after, makeDesk } from '../../../test/stand-ins/desk.ts';
import { day, later } from '../../time/instant.ts';
import type { Event } from '../journal/event.ts';
import { retireListKeys } from './retire-list-keys.ts';

const end = later(noon, 30 * day);
const replaced: Event = {
  kind: 'list-key-replaced',
  list: 'linux-distros',
  fingerprint: 'B',
  previous: 'A',
  opensUntil: end,
};
const held = (at: typeof noon): Event => ({
  kind: 'message-held',
  held: { inboxId: 'inbox-1', list: 'distros', at, reasons: ['a-rule'], from: undefined, obligation: 'o-1' },
});
const settled: Event = {
  kind: 'held-mail-settled',
  inboxId: 'inbox-1',
  ending: 'refused',
  reason: 'x',
  by: 'x',
};
const destroyed = [{ kind: 'list-key-destroyed', list: 'linux-distros', fingerprint: 'A' }];

test('a key is destroyed at the end of its grace, not a millisecond earlier, and once', () => {
  assert.equal(retireListKeys(undefined, makeDesk([replaced], later(end, -1))), undefined);
  const desk = makeDesk([replaced], end);
  const plan = retireListKeys(undefined, desk);
  assert.deepEqual(plan?.events, destroyed);
  assert.equal(retireListKeys(undefined, after(desk, plan ?? { events: [] })), undefined);
});

test('mail from before the end that nobody has decided about keeps it, on whichever list (M6)', () => {
  const before = later(end, -1);
  assert.equal(retireListKeys(undefined, makeDesk([replaced, held(before)], later(end, day))), undefined);
  assert.equal(retireListKeys(before, makeDesk([replaced], later(end, day))), undefined);
  assert.deepEqual(
    retireListKeys(undefined, makeDesk([replaced, held(before), settled], end))?.events,
    destroyed,
  );
});

test('mail from after the end keeps nothing: a flood of it must not keep an old key for ever', () => {
  assert.deepEqual(retireListKeys(end, makeDesk([replaced, held(end)], later(end, day)))?.events, destroyed);
});
