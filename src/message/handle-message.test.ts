import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, certificateOf, domain, noon } from '../../test/stand-ins/community.ts';
import { readCopy } from '../../test/stand-ins/copies.ts';
import { after, makeDesk, tokenOf } from '../../test/stand-ins/desk.ts';
import {
  bytesOf,
  inClear,
  mailbox,
  makeCase,
  makeEnvelope,
  makeOpened,
  messageId,
  type OpenedChanges,
  signedBy,
} from '../../test/stand-ins/letters.ts';
import { hour, later } from '../time/instant.ts';
import type { Desk } from './desk.ts';
import { handleMessage } from './handle-message.ts';
import type { Opened, Unopenable } from './open/opened.ts';
import type { Plan } from './plan.ts';
import { joinEnvelope } from './receive/envelope.ts';

const openCase = { kind: 'case-opened', case: makeCase() } as const;

function handle(
  desk: Desk,
  recipients: readonly string[],
  opened: Opened | Unopenable,
  inboxId = 'inbox-1',
): Promise<Plan> {
  const joined = joinEnvelope(makeEnvelope(recipients), bytesOf('raw mail'));
  return handleMessage({ inboxId, receivedAt: noon, joined }, desk, {
    open: async () => opened,
    rowByReturnPath: async () => undefined,
  });
}

const toList = (desk: Desk, changes: OpenedChanges = {}) =>
  handle(desk, ['linux-distros'], makeOpened(changes));
const kinds = (plan: Plan) => plan.events.map((event) => event.kind);
const untagged = { encryption: inClear, head: { subject: 'hello' } };

test('a report becomes a case, with copies, a next step and its time (I6)', async () => {
  const plan = await toList(makeDesk());
  assert.deepEqual(plan.inbox, { id: 'inbox-1', state: 'judged' });
  assert.deepEqual(kinds(plan).slice(0, 2), ['case-opened', 'message-filed']);
  assert.deepEqual(
    plan.obligationsOpened.map((one) => [one.kind, one.owner, (one.dueAt - noon) / hour]),
    [
      ['review-new-report', 'administrators', 24],
      ['publish', 'administrators', 14 * 24],
    ],
  );
  assert.equal(plan.cases[0]?.state, 'open');
});

test('whatever comes in, its row is settled with an event: nothing accepted is dropped (T8)', async () => {
  const desk = makeDesk([openCase]);
  const damaged: Unopenable = { kind: 'unopenable', reason: 'damaged', detail: 'x', outer: undefined };
  const stories: readonly [readonly string[], Opened | Unopenable][] = [
    [['linux-distros'], makeOpened()],
    [['linux-distros'], makeOpened(untagged)],
    [['linux-distros'], makeOpened({ head: { autoSubmitted: 'auto-replied' } })],
    [['linux-distros'], damaged],
    [[`linux-distros+bounce-${tokenOf('bounce', 'x')}`], makeOpened({ encryption: inClear })],
    [[`linux-distros+bounce-${tokenOf('bounce', 'x')}`], damaged],
    [[`linux-distros+held-${tokenOf('held', 'x')}`], makeOpened(untagged)],
    [['linux-distros+vs-2026-0042'], makeOpened()],
    [['linux-distros+vs-1999-0001'], makeOpened()],
    [['linux-distros-owner'], makeOpened()],
    [['other-owner'], makeOpened()],
    [['postmaster'], makeOpened()],
  ];
  for (const [recipients, opened] of stories) {
    const plan = await handle(desk, recipients, opened);
    assert.equal(plan.inbox?.id, 'inbox-1', recipients.join());
    assert.ok(plan.events.length > 0, recipients.join());
    if (plan.inbox?.state === 'held') assert.equal(plan.obligationsOpened.length, 1);
  }
});

test('what cannot be opened is held, and the administrators get it as it came (T8)', async () => {
  const opened: Unopenable = {
    kind: 'unopenable',
    reason: 'not-for-us',
    detail: 'a\nEmbargod: x',
    outer: undefined,
  };
  const plan = await handle(makeDesk(), ['linux-distros'], opened);
  assert.equal(plan.inbox?.state, 'held');
  const { parts, text } = readCopy(plan.outgoing[0]);
  assert.equal(parts[2]?.fileName, 'held.eml');
  assert.doesNotMatch(text, /^Embargod:/m);
  assert.deepEqual(plan.notices, []);
});

test('mail to the administrators of a list that has none is held for who comes, not lost (T8)', async () => {
  const plan = await handle(makeDesk(), ['other-owner'], makeOpened());
  assert.equal(plan.inbox?.state, 'held');
  assert.equal(plan.obligationsOpened[0]?.kind, 'decide-held-mail');
});

test('mail to the administrators reaches them sealed, and opens no case', async () => {
  const plan = await handle(makeDesk(), ['linux-distros-owner'], makeOpened());
  assert.deepEqual(kinds(plan), ['administrators-written-to']);
  assert.deepEqual(
    plan.outgoing[0]?.readers.map((reader) => reader.id),
    ['alice'],
  );
  assert.equal(plan.outgoing[0]?.outer.replyTo, 'rita@reporter.example');
});

test('a held report is passed by answering the notice, and is then filed', async () => {
  const desk = makeDesk();
  const held = await toList(desk, untagged);
  assert.equal(held.inbox?.state, 'held');
  const token = held.notices[0]?.parameters.token;
  const knowing = after(desk, held);
  const answer = makeOpened({
    ...untagged,
    head: { subject: 'Re: your mail waits' },
    contentDigest: 'answer',
  });
  const passed = await handle(knowing, [`linux-distros+held-${token}`], answer, 'inbox-2');
  assert.deepEqual(passed.inbox, { id: 'inbox-2', state: 'judged' });
  assert.deepEqual(passed.heldInbox, { id: 'inbox-1', state: 'waiting' });
  assert.equal(passed.obligationsSettled[0]?.id, held.obligationsOpened[0]?.id);
  const filed = await toList(after(knowing, passed), untagged);
  assert.deepEqual(kinds(filed).slice(0, 2), ['case-opened', 'message-filed']);
});

test('an out-of-office that answers the notice passes nothing', async () => {
  const desk = makeDesk();
  const held = await toList(desk, untagged);
  const away = makeOpened({ ...untagged, head: { autoSubmitted: 'auto-replied' } });
  const plan = await handle(
    after(desk, held),
    [`linux-distros+held-${held.notices[0]?.parameters.token}`],
    away,
    'inbox-2',
  );
  assert.equal(plan.inbox?.state, 'refused');
  assert.equal(plan.heldInbox, undefined);
});

test('a token that is none of ours passes nothing: the administrators read the mail', async () => {
  const desk = makeDesk();
  const knowing = after(desk, await toList(desk, untagged));
  const plan = await handle(
    knowing,
    [`linux-distros+held-${tokenOf('bounce', 'inbox-1')}`],
    makeOpened(),
    'inbox-2',
  );
  assert.equal(plan.heldInbox, undefined);
  assert.deepEqual(kinds(plan), ['administrators-written-to']);
});

test('the same report again, whose 250 was lost, makes no second case', async () => {
  const desk = makeDesk();
  const first = await toList(desk);
  const again = await toList(after(desk, first));
  assert.equal(again.inbox?.state, 'refused');
  assert.deepEqual(again.outgoing, []);
});

test('a refusal leaves no trace outside: no bounce, no notice; the journal has its reason', async () => {
  const plan = await toList(makeDesk(), { head: { autoSubmitted: 'auto-replied' } });
  assert.deepEqual([plan.outgoing, plan.notices], [[], []]);
  assert.ok(plan.events[0]?.kind === 'message-refused' && plan.events[0].reason.length > 10);
});

test('only the certificate that signed from inside the encryption is pinned (A1)', async () => {
  const rita = certificateOf('rita');
  const pinned = async (changes: OpenedChanges) => {
    const [opened] = (await toList(makeDesk(), changes)).events;
    return opened?.kind === 'case-opened' ? opened.case.reporter?.certificate?.fingerprint : 'no case';
  };
  const signed = { signature: signedBy(rita.fingerprint), enclosedCertificates: [rita] };
  assert.equal(await pinned(signed), rita.fingerprint);
  assert.equal(await pinned({ ...signed, encryption: inClear }), undefined);
  assert.equal(await pinned({ enclosedCertificates: [rita] }), undefined);
  assert.equal(await pinned({ ...signed, enclosedCertificates: [certificateOf('other')] }), undefined);
});

test('a member who reports is the reporter by their signature, whatever From says, and is not pinned anew', async () => {
  const signature = signedBy(certificateOf('bob').fingerprint);
  const plan = await toList(makeDesk(), { signature, head: { from: [mailbox('eve@evil.example')] } });
  const [opened] = plan.events;
  assert.ok(opened?.kind === 'case-opened');
  assert.deepEqual(
    [opened.case.reporter?.representative, opened.case.reporter?.address, opened.case.reporter?.certificate],
    ['bob', 'bob@suse.example', undefined],
  );
  assert.deepEqual(plan.readers, []);
});

test('a reply reaches whom its address says, and a doubtful one the members, with a question (R1, R2)', async () => {
  const desk = makeDesk([
    {
      ...openCase,
      case: makeCase({
        reporter: {
          id: 'rita',
          address: address('rita@reporter.example'),
          name: undefined,
          representative: undefined,
          certificate: certificateOf('rita'),
        },
      }),
    },
  ]);
  const to = [mailbox('linux-distros+vs-2026-0042@lists.example.org')];
  const reply = {
    head: { to, subject: 'Re: a flaw', from: [mailbox('bob@suse.example')], messageId: messageId('reply') },
  };
  const signed = { ...reply, signature: signedBy(certificateOf('bob').fingerprint) };
  const toAll = await handle(desk, ['linux-distros+vs-2026-0042'], makeOpened(signed));
  assert.deepEqual(
    toAll.outgoing.flatMap((one) => one.readers.map((reader) => reader.id)),
    ['alice', 'bob', 'rita'],
  );
  const unsigned = await handle(desk, ['linux-distros+vs-2026-0042'], makeOpened(reply));
  assert.deepEqual(
    unsigned.outgoing.flatMap((one) => one.readers.map((reader) => reader.id)),
    ['alice', 'bob'],
    'K1: it may be ciphertext of somebody else',
  );
  const doubtful = { ...signed, head: { ...reply.head, subject: '[vs] quite another thing' } };
  const toTeam = await handle(desk, ['linux-distros+vs-2026-0042'], makeOpened(doubtful));
  assert.deepEqual(
    toTeam.outgoing.flatMap((one) => one.readers.map((reader) => reader.id)),
    ['alice', 'bob'],
  );
  assert.match(readCopy(toTeam.outgoing[0]).told, /Note: .*\?/);
});

test('mail of the server’s own domain is recognised whatever the case of the address', async () => {
  const joined = joinEnvelope(
    { ...makeEnvelope([]), recipients: [address(`LINUX-Distros@${domain.toUpperCase()}`)] },
    bytesOf('raw'),
  );
  const plan = await handleMessage({ inboxId: 'inbox-1', receivedAt: later(noon, 0), joined }, makeDesk(), {
    open: async () => makeOpened(),
    rowByReturnPath: async () => undefined,
  });
  assert.equal(kinds(plan)[0], 'case-opened');
});
