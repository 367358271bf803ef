import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, certificateOf, domain, listSettings, noon } from '../../../test/stand-ins/community.ts';
import { readCopy } from '../../../test/stand-ins/copies.ts';
import { makeDesk } from '../../../test/stand-ins/desk.ts';
import { makeCase } from '../../../test/stand-ins/letters.ts';
import { execute, type Outside } from '../../../test/stand-ins/requests.ts';
import { day, later } from '../../time/instant.ts';
import type { Event } from '../journal/event.ts';
import type { OutboxRow } from '../ports.ts';
import type { Request } from './request.ts';

async function run(request: Request, events: readonly Event[] = [], outside: Outside = {}) {
  const { answer, plan } = await execute(request, makeDesk(events), outside);
  return { answer, plan, text: answer.kind === 'done' ? answer.text.join('\n') : answer.reason };
}

async function refusal(...about: Parameters<typeof run>) {
  const { answer, plan, text } = await run(...about);
  assert.equal(answer.kind, 'refused', text);
  assert.deepEqual([plan.events, plan.outgoing, plan.readers, plan.doors], [[], [], [], []]);
  return text;
}

const listAdd = (name: string, includes: readonly string[] = []): Request => {
  const { address: _, ...settings } = listSettings(name, { includes });
  return { kind: 'list-add', settings };
};

test('a new list gets its address here, and a door for intake', async () => {
  const { plan } = await run(listAdd('fresh', ['linux-distros']));
  const [event] = plan.events;
  assert.equal(event?.kind === 'list-added' && event.list.address, `fresh@${domain}`);
  assert.equal(plan.doors[0]?.list, 'fresh');
});

test('a list’s name is refused when it could mean something else, or is taken, or includes what is not there', async () => {
  for (const name of [
    'postmaster',
    'abuse',
    'cve',
    'x-owner',
    'x-request',
    'UPPER',
    'a',
    'with+plus',
    'ü',
    '1st',
    '',
  ]) {
    assert.match(await refusal(listAdd(name)), /cannot be a list's name/, name);
  }
  assert.match(await refusal(listAdd('distros')), /exists already/);
  assert.match(await refusal(listAdd('fresh', ['nowhere'])), /is to include nowhere/);
  assert.match(await refusal(listAdd('fresh', ['oss-security'])), /is to include oss-security/);
});

test('a list is shown with how many read it and who runs it, and says loudly when nobody does', async () => {
  assert.match(
    (await run({ kind: 'list-show', name: 'distros' })).text,
    /readers +3\nadministrators +alice@debian/,
  );
  assert.match((await run({ kind: 'list-show', name: 'other' })).text, /none: held mail reaches nobody/);
  assert.match(
    await refusal({ kind: 'list-show', name: 'nope' }),
    /There is no list nope. There are: linux-distros/,
  );
});

test('a private list has a key to give, a public one has none', async () => {
  assert.match((await run({ kind: 'list-key', name: 'distros' })).text, /BEGIN PGP PUBLIC KEY BLOCK/);
  assert.match(await refusal({ kind: 'list-key', name: 'oss-security' }), /not encrypted/);
  assert.match(await refusal({ kind: 'list-key', name: 'nope' }), /no list nope/);
});

const memberAdd = (name: string, lists: readonly string[]): Request => ({
  kind: 'member-add',
  name,
  lists,
  products: [],
});

test('a member joins private lists that exist', async () => {
  const { plan } = await run(memberAdd('Chrome OS', ['linux-distros']));
  assert.deepEqual(plan.events, [
    { kind: 'member-added', member: 'Chrome OS', lists: ['linux-distros'], products: [] },
  ]);
});

test('a member’s name is one line, taken once, and on at least one private list', async () => {
  for (const name of ['', ' ', 'x'.repeat(101), 'two\nlines', ' blank', 'turn\u202eed']) {
    assert.match(await refusal(memberAdd(name, ['distros'])), /needs a name/, JSON.stringify(name));
  }
  assert.match(await refusal(memberAdd('Debian', ['distros'])), /exists already/);
  assert.match(await refusal(memberAdd('New', [])), /at least one private list/);
  assert.match(await refusal(memberAdd('New', ['oss-security'])), /no private list oss-security/);
});

test('members are listed with who reads for them, who waits and until when; the removed are gone', async () => {
  const events: readonly Event[] = [
    { kind: 'representative-removed', representative: 'olga' },
    { kind: 'representative-restored', representative: 'bob', effectiveFrom: later(noon, day) },
  ];
  const { text } = await run({ kind: 'member-list' }, events);
  assert.match(text, /alice@debian\.example +active$/m);
  assert.match(text, /bob@suse\.example +active, reads from 2026-11-24T12:00:00Z/);
  assert.doesNotMatch(text, /olga/);
});

test('certificates are checked as they are now: a superseded version is no news', async () => {
  const check: Request = { kind: 'certificate-check', within: 30 * day };
  assert.match((await run(check)).text, /All 4 certificates can be used/);
  const renewed: Event = {
    kind: 'certificate-added',
    representative: 'bob',
    certificate: certificateOf('bob', 2),
    effectiveFrom: noon,
  };
  assert.match((await run(check, [renewed])).text, /All 4 certificates/);
  const faults = new Map([[certificateOf('bob').fingerprint, 'expired' as const]]);
  assert.match(
    (await run(check, [renewed], { faults })).text,
    /^bob@suse\.example \(SUSE\) +626F62[0-9A-F]+ +expired$/,
  );
});

const held: Event = {
  kind: 'message-held',
  held: {
    inboxId: 'inbox-1',
    list: 'linux-distros',
    at: noon,
    reasons: ['a'],
    from: undefined,
    obligation: 'o-1',
  },
};

test('held mail is passed or refused by a person, its obligation ends with it (T8)', async () => {
  for (const [kind, state] of [
    ['held-pass', 'waiting'],
    ['held-refuse', 'refused'],
  ] as const) {
    const { plan } = await run({ kind, id: 'inbox-1', reason: 'spam' }, [held]);
    assert.deepEqual(plan.heldInbox, { id: 'inbox-1', state });
    assert.equal(plan.obligationsSettled[0]?.id, 'o-1');
    assert.equal(plan.events[0]?.kind, 'held-mail-settled');
  }
});

test('refusing held mail needs a reason, and only what is held can be settled', async () => {
  assert.match(await refusal({ kind: 'held-refuse', id: 'inbox-1', reason: ' ' }, [held]), /needs a reason/);
  assert.match(
    await refusal({ kind: 'held-pass', id: 'inbox-2', reason: '' }, [held]),
    /No mail inbox-2 is held/,
  );
});

const row = (state: OutboxRow['state']): OutboxRow => ({
  id: 'row-1',
  list: 'distros',
  caseNumber: undefined,
  recipient: address('bob@suse.example'),
  returnPath: '',
  state,
  permitId: 'p-1',
  content: { kind: 'notice', template: 'receipt', parameters: {} },
});

test('a retry queues the very row again, under its own permit', async () => {
  for (const state of ['deferred', 'failed', 'uncertain'] as const) {
    const { plan } = await run({ kind: 'outbox-retry', id: 'row-1' }, [], { rows: [row(state)] });
    assert.deepEqual(plan.outboxUpdates, [{ row: { ...row(state), state: 'queued' } }]);
  }
});

test('what was sent, cancelled, parked or held is not sent by a retry', async () => {
  for (const state of ['sent', 'cancelled', 'parked', 'held', 'queued'] as const) {
    const rows = [row(state)];
    assert.match(
      await refusal({ kind: 'outbox-retry', id: 'row-1' }, [], { rows }),
      new RegExp(`row-1 is ${state}`),
    );
  }
  assert.match(await refusal({ kind: 'outbox-retry', id: 'row-9' }), /no outbox row row-9/);
});

const open: Event = { kind: 'case-opened', case: makeCase() };
const invite = {
  kind: 'guest-add',
  caseNumber: 'VS-2026-0042',
  address: address('gil@up.example'),
  certificate: 'gil',
} as const;

test('a guest is announced to the members, and reads a day later, only what is sealed then (A4, A5, A6)', async () => {
  const { plan } = await run(invite, [open]);
  const [event] = plan.events;
  assert.equal(event?.kind === 'guest-added' && event.guest.effectiveFrom, later(noon, day));
  assert.deepEqual(
    plan.outgoing.map((one) => one.readers.map((reader) => reader.id)),
    [['alice', 'bob']],
  );
  assert.match(
    readCopy(plan.outgoing[0]).told,
    /gil@up\.example becomes a guest.*\r\n.*nothing sealed before/,
  );
  assert.deepEqual(plan.outboxUpdates, []);
  assert.deepEqual(plan.readers[0]?.certificates, [certificateOf('gil')]);
});

test('a guest is invited once, into a case that exists, and is no address of ours', async () => {
  const gil = {
    id: 'g',
    address: address('GIL@up.example'),
    certificate: certificateOf('gil'),
    effectiveFrom: noon,
  };
  const joined: Event = { kind: 'guest-added', caseNumber: 'VS-2026-0042', guest: gil };
  assert.match(await refusal(invite), /no case VS-2026-0042/);
  assert.match(await refusal(invite, [open, joined]), /is a guest of VS-2026-0042 already/);
  assert.match(
    await refusal({ ...invite, address: address(`distros@${domain}`) }, [open]),
    /address of ours/,
  );
  assert.match(await refusal({ ...invite, certificate: '' }, [open]), /holds no OpenPGP certificate/);
});

test('the journal verifies, or the operator is told to stop', async () => {
  assert.match((await run({ kind: 'journal-verify' })).text, /3 entries, 1 of them purged/);
  const journal = { size: 3, purged: 0, fault: 'entry 2 does not follow' };
  assert.match(
    await refusal({ kind: 'journal-verify' }, [], { journal }),
    /entry 2 does not follow. Stop the server/,
  );
});
