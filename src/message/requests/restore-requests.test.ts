import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noon } from '../../../test/stand-ins/community.ts';
import { after, makeDesk } from '../../../test/stand-ins/desk.ts';
import { execute } from '../../../test/stand-ins/requests.ts';
import { day, later } from '../../time/instant.ts';
import type { Event } from '../journal/event.ts';
import { frozenFault, isFrozen } from '../restore/restored.ts';
import type { Request } from './request.ts';

const restored: Event = {
  kind: 'database-restored',
  generation: 2,
  at: noon,
  backupAt: later(noon, -3 * day),
  sizeBefore: 90,
  size: 70,
  withdrawn: [],
  lost: [],
};
const confirmed = (part: 'roster' | 'purges' | 'outbox', generation = 2): Event => ({
  kind: 'restore-confirmed',
  generation,
  part,
  by: undefined,
  at: noon,
});
const all = [confirmed('roster'), confirmed('purges'), confirmed('outbox')];

test('three confirmations thaw it, and none of an earlier restore counts', () => {
  assert.equal(isFrozen(makeDesk().knowledge), false);
  assert.equal(isFrozen(makeDesk([restored]).knowledge), true);
  assert.equal(isFrozen(makeDesk([restored, ...all.slice(1)]).knowledge), true);
  assert.equal(isFrozen(makeDesk([restored, ...all]).knowledge), false);
  const again = { ...restored, generation: 3 };
  assert.equal(isFrozen(makeDesk([restored, ...all, again]).knowledge), true);
  assert.equal(isFrozen(makeDesk([again, ...all]).knowledge), true);
});

test('while it is frozen only what looks, takes away or confirms is carried out', () => {
  const { knowledge } = makeDesk([restored]);
  const may: readonly Request['kind'][] = ['restore-show', 'restore-confirm', 'list-show', 'member-list'];
  const mayNot: readonly Request['kind'][] = ['representative-add', 'representative-restore', 'held-pass'];
  for (const kind of may) assert.equal(frozenFault(kind, knowledge), undefined, kind);
  for (const kind of [...mayNot, 'outbox-retry', 'guest-add', 'list-key'] as const)
    assert.match(frozenFault(kind, knowledge) ?? '', /frozen until people have confirmed/, kind);
  assert.equal(frozenFault('guest-add', makeDesk([restored, ...all]).knowledge), undefined);
});

test('what was never restored says so, and nothing can be confirmed', async () => {
  const shown = await execute({ kind: 'restore-show' }, makeDesk());
  assert.match(JSON.stringify(shown.answer), /never restored/);
  const answer = await execute({ kind: 'restore-confirm', part: 'roster' }, makeDesk());
  assert.match(JSON.stringify(answer.answer), /Nothing is frozen/);
});

test('what is shown names the loss, lost cases, uncertain rows, and what is left to confirm', async () => {
  const uncertain = Array.from({ length: 25 }, (_, index) => ({
    id: `row-${index}`,
    list: 'linux-distros',
    caseNumber: undefined,
    recipient: 'alice@debian.example',
  }));
  const lost = { number: 'VS-2026-0099', list: 'linux-distros', openedAt: noon, state: 'open' } as const;
  const { answer, plan } = await execute(
    { kind: 'restore-show' },
    makeDesk([restored, confirmed('purges')]),
    { uncertain, openCases: [lost] },
  );
  const text = answer.kind === 'done' ? answer.text.join('\n') : '';
  assert.match(text, /Lost: everything after 20\d\d-\S+: 20 entries of the journal\./);
  assert.match(text, /do not open\n {2}VS-2026-0099 of linux-distros/);
  assert.match(text, /outbox: 25\n {2}row-0 {3}linux-distros {3}alice/);
  assert.match(text, /… all of them: embargod outbox list/);
  assert.match(text, /restore confirm roster/);
  assert.doesNotMatch(text, /restore confirm purges/);
  assert.deepEqual(plan.events, []);
});

test('the last confirmation settles every uncertain row and tells the members; the others tell nobody', async () => {
  const desk = makeDesk([restored, ...all.slice(0, 2)]);
  const signed = await signedFor(desk);
  const { plan } = await execute(
    { kind: 'restore-confirm', part: 'outbox', uncertain: 'resend', signed: 'file' },
    desk,
    { signed },
  );
  assert.equal(plan.uncertain, 'resend');
  assert.ok(plan.outgoing.length > 0);
  assert.equal(isFrozen(after(desk, plan).knowledge), false);
});

/** What an administrator of the stand-in community signs. */
async function signedFor(desk: ReturnType<typeof makeDesk>) {
  const [administration] = desk.knowledge.roster.administrations;
  const person = desk.knowledge.roster.representatives.get(administration?.representative ?? '');
  const [held] = person?.certificates ?? [];
  return {
    text: `I confirm restore 2 of ${desk.domain}: outbox\n`,
    fingerprint: held?.certificate.fingerprint ?? '',
    signedAt: noon,
  };
}
