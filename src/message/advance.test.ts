import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, domain, noon } from '../../test/stand-ins/community.ts';
import { readCopy } from '../../test/stand-ins/copies.ts';
import { after, makeDesk, tokenOf } from '../../test/stand-ins/desk.ts';
import { encrypted, inClear, type LetterChanges, makeLetter } from '../../test/stand-ins/letters.ts';
import { day, hour, later } from '../time/instant.ts';
import { advance, type TroubledDelivery } from './advance.ts';
import type { Desk } from './desk.ts';
import { handleBounce } from './handle-bounce.ts';
import { holdBroken } from './hold/hold-broken.ts';
import type { Event } from './journal/event.ts';
import { endingCertificates } from './notice/ending-certificates.ts';
import type { ObligationRow, OutboxRow } from './ports.ts';

function rowTo(recipient: string, id = 'row-1'): OutboxRow {
  return {
    id,
    list: 'linux-distros',
    caseNumber: 'VS-2026-0042',
    recipient: address(recipient),
    returnPath: '',
    state: 'failed',
    permitId: 'p',
    content: {
      kind: 'copy',
      bodyId: 'b',
      readerId: 'bob',
      keyIds: [],
      head: new Uint8Array(),
      alignment: 0,
      checksum: '',
    },
  };
}

function trouble(recipient: string, id?: string): TroubledDelivery {
  const outcome = {
    kind: 'failed',
    at: noon,
    code: 550,
    reason: 'refused-recipient',
    nextAt: undefined,
  } as const;
  return { row: rowTo(recipient, id), outcome };
}

const troubles = (desk: Desk, ...troubled: readonly TroubledDelivery[]) =>
  advance({ troubled, parked: [], obligations: [] }, desk);

test('a copy that did not arrive is an obligation, told to the administrators, once (T8, R6)', () => {
  const desk = makeDesk();
  const plan = troubles(desk, trouble('bob@suse.example'));
  assert.deepEqual(plan.outboxAcknowledged, ['row-1']);
  assert.equal(plan.obligationsOpened[0]?.kind, 'repair-delivery');
  assert.equal(plan.obligationsOpened[0]?.dueAt, later(noon, 24 * hour));
  assert.match(
    readCopy(plan.outgoing[0]).told,
    /bob@suse\.example could\s+not\s+be\s+delivered:\s+refused-recipient\s+\(550\)/,
  );
});

test('twenty rows of one broken mailbox are twenty obligations and one alarm', () => {
  const rows = Array.from({ length: 20 }, (_, n) => trouble('bob@suse.example', `row-${n}`));
  const plan = troubles(makeDesk(), ...rows);
  assert.deepEqual(
    [plan.obligationsOpened.length, plan.outboxAcknowledged.length, plan.outgoing.length],
    [20, 20, 1],
  );
});

test('an alarm that itself comes back raises no further alarm: no mail runs in a circle', () => {
  const desk = makeDesk();
  const first = troubles(desk, trouble('alice@debian.example'));
  assert.equal(first.outgoing.length, 1);
  const alarmFailed = trouble('ALICE@debian.example', 'row-of-the-alarm');
  const second = troubles(after(desk, first, later(noon, hour)), alarmFailed);
  assert.deepEqual(second.outgoing, []);
  assert.equal(second.obligationsOpened.length, 1);
  const nextDay = troubles(after(desk, first, later(noon, day)), alarmFailed);
  assert.equal(nextDay.outgoing.length, 1);
});

test('when nothing happened, time alone changes nothing', () => {
  assert.deepEqual(troubles(makeDesk()).events, []);
});

const obligation = (changes: Partial<ObligationRow> = {}): ObligationRow => ({
  id: 'o',
  kind: 'decide-held-mail',
  list: 'linux-distros',
  subject: 'inbox-1',
  owner: 'administrators',
  openedAt: later(noon, -2 * day),
  dueAt: later(noon, -day),
  ...changes,
});
const refusedAt = (at: typeof noon): Event => ({
  kind: 'message-refused',
  inboxId: 'inbox-8',
  list: 'linux-distros',
  reason: 'It loops.',
  at,
});

function digests(obligations: readonly ObligationRow[], events: readonly Event[] = []) {
  return advance({ troubled: [], parked: [], obligations }, makeDesk(events));
}

test('what waits and what is overdue is told to the administrators of that list alone, once a day (N1)', () => {
  const plan = digests([obligation()]);
  assert.deepEqual(
    plan.outgoing.map((one) => one.list),
    ['linux-distros'],
  );
  assert.match(
    readCopy(plan.outgoing[0]).told,
    /OVERDUE since 2026-11-22T12:00:00Z +decide-held-mail +inbox-1/,
  );
  assert.deepEqual(digests([obligation()], plan.events).outgoing, []);
});

test('a digest with nothing to tell is not written, nor one for nobody', () => {
  assert.deepEqual(digests([]).outgoing, []);
  assert.deepEqual(digests([obligation({ list: 'other' })]).outgoing, []);
  assert.deepEqual(digests([obligation({ openedAt: noon, dueAt: later(noon, hour) })]).outgoing, []);
});

test('what was refused since the last digest is in it, and what the last one told is not', () => {
  const last: Event = { kind: 'digest-sent', list: 'linux-distros', at: later(noon, -day) };
  assert.match(
    readCopy(digests([], [last, refusedAt(later(noon, -hour))]).outgoing[0]).told,
    /inbox-8 +It loops/,
  );
  assert.deepEqual(digests([], [last, refusedAt(later(noon, -25 * hour))]).outgoing, []);
});

test('mail that was received before a digest and refused after it is in the next one', async () => {
  const desk = makeDesk([{ kind: 'digest-sent', list: 'linux-distros', at: later(noon, -day) }], noon);
  const refused = await bounce({ letter: { receivedAt: later(noon, -2 * day) } }, undefined, desk);
  const plan = advance({ troubled: [], parked: [], obligations: [] }, after(desk, refused, later(noon, 1)));
  assert.equal(plan.outgoing.length, 1);
});

function bounce(changes: LetterChanges = {}, row: OutboxRow | undefined = undefined, desk = makeDesk()) {
  const token = tokenOf('bounce', 'row-1');
  const letter = makeLetter(desk, {
    recipients: [`linux-distros+bounce-${token}`],
    encryption: inClear,
    ...changes,
  });
  assert.ok(letter.place.kind === 'bounce');
  return handleBounce(letter, letter.place, desk, async (path) =>
    path === `linux-distros+bounce-${token}@${domain}` ? row : undefined,
  );
}

test('a bounce to a row’s own return path alarms, with the reader and none of the bounce’s words (R8)', async () => {
  const plan = await bounce({}, rowTo('bob@suse.example'));
  assert.equal(plan.obligationsOpened[0]?.kind, 'repair-delivery');
  const { text } = readCopy(plan.outgoing[0]);
  assert.match(text, /bob@suse\.example came back/);
  assert.doesNotMatch(text, /overflows|frobnicate/);
  assert.deepEqual([plan.cancelFor, plan.readers], [[], []], 'nobody is suspended by a bounce');
});

test('a report that does not plainly say that all went well is taken for a bounce (I5)', async () => {
  const alarms = async (deliveryActions: readonly string[]) =>
    (await bounce({ deliveryActions }, rowTo('bob@suse.example'))).outgoing.length;
  assert.equal(await alarms([]), 1, 'a report in which nothing can be read');
  assert.equal(await alarms(['exploded']), 1, 'a word that RFC 3464 does not have');
  assert.equal(await alarms(['delivered', 'failed']), 1);
  assert.equal(await alarms(['delivered', 'relayed']), 0);
});

test('what a report says fills no journal: each word once', async () => {
  const deliveryActions = new Array<string>(1_000).fill('delayed');
  const { events } = await bounce({ deliveryActions }, rowTo('bob@suse.example'));
  assert.deepEqual(
    events.map((event) => event.kind === 'delivery-reported' && event.actions),
    [['delayed']],
  );
});

test('a forged bounce, or a report encrypted to a return path, is refused and journalled', async () => {
  assert.equal((await bounce()).inbox?.state, 'refused');
  const report = await bounce({ encryption: encrypted }, rowTo('bob@suse.example'));
  assert.equal(report.inbox?.state, 'refused');
});

test('the bounce of an alarm raises no further alarm that day', async () => {
  const desk = makeDesk();
  const first = await bounce({}, rowTo('alice@debian.example'), desk);
  assert.equal(first.outgoing.length, 1);
  const second = await bounce({}, rowTo('alice@debian.example', 'row-2'), after(desk, first));
  assert.deepEqual([second.outgoing.length, second.obligationsOpened.length], [0, 1]);
});

test('a mail that breaks the handling itself is held by its id alone, and a person is told (T8, I5)', () => {
  const plan = holdBroken({ id: 'inbox-1', lists: ['gone', 'linux-distros'], receivedAt: noon }, makeDesk());
  assert.deepEqual(plan.inbox, { id: 'inbox-1', state: 'held' });
  assert.equal(plan.obligationsOpened[0]?.list, 'linux-distros');
  assert.deepEqual(
    plan.outgoing[0]?.readers.map((reader) => reader.id),
    ['alice'],
  );
});

test('a member’s certificate that ends is told a month, two weeks, a week and the last days before, to those who can ask', async () => {
  const desk = makeDesk();
  const told = async (days: number, events: readonly Event[] = []) => {
    const at = later(desk.now, days * day + hour);
    const now = events.length > 0 ? makeDesk(events) : desk;
    const ending = await endingCertificates(now, async ({ fingerprint }) => ({
      kind: 'usable',
      encryptionKeyIds: [fingerprint.slice(-16)],
      expiresAt: at,
    }));
    return advance({ troubled: [], parked: [], obligations: [], ending }, now).outgoing;
  };
  for (const days of [30, 14, 7, 3, 2, 1, 0]) {
    const digests = await told(days);
    assert.ok(digests.length > 0, `${days} days before`);
    assert.match(readCopy(digests[0]).told, /bob@suse\.example +\(SUSE\) +[0-9A-F]{40}\s+ends 20/);
  }
  for (const days of [31, 29, 8, 4]) assert.deepEqual(await told(days), [], `${days} days before`);
  const sent = { kind: 'digest-sent', list: 'linux-distros', at: desk.now } as const;
  assert.deepEqual(
    (await told(7, [sent])).filter(({ list }) => list === 'linux-distros'),
    [],
  );
});
