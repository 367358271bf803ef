import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, certificateOf, listSettings, noon } from '../../../test/stand-ins/community.ts';
import { readCopy } from '../../../test/stand-ins/copies.ts';
import { after, makeDesk } from '../../../test/stand-ins/desk.ts';
import {
  bytesOf,
  type LetterChanges,
  makeCase,
  makeFiled,
  makeLetter,
  messageId,
  signedBy,
  textOf,
} from '../../../test/stand-ins/letters.ts';
import type { Reporter } from '../../case/case.ts';
import { readCommands } from '../../case/mail-commands.ts';
import type { ClearToReporter } from '../../membership/roster.ts';
import { day, hour, later } from '../../time/instant.ts';
import type { Desk } from '../desk.ts';
import type { Event } from '../journal/event.ts';
import type { Plan } from '../plan.ts';
import { fileReply } from './file-letter.ts';

const ann: Reporter = {
  id: 'ann',
  address: address('ann@reporter.example'),
  name: 'Ann',
  representative: undefined,
  certificate: undefined,
};
const command = 'Embargod: VS-2026-0042 clear-ok';

type Story = Readonly<{
  policy?: ClearToReporter;
  reportedInClear?: boolean;
  reporter?: Reporter;
  events?: readonly Event[];
}>;

function deskOf({
  policy = 'per-message',
  reportedInClear = false,
  reporter = ann,
  events = [],
}: Story = {}): Desk {
  return makeDesk([
    { kind: 'list-added', list: listSettings('linux-distros', { clearToReporter: policy }) },
    { kind: 'case-opened', case: makeCase({ reporter, subjectInClear: reportedInClear }) },
    { kind: 'message-filed', message: makeFiled() },
    ...events,
  ]);
}

/** A reply whose signed text is `text`, by bob unless told otherwise, to the case address. */
function reply(text: string, desk: Desk, changes: LetterChanges = {}): Plan {
  const letter = makeLetter(desk, {
    recipients: ['linux-distros+vs-2026-0042'],
    head: {
      from: [{ name: 'Bob', address: address('bob@suse.example') }],
      subject: 'Re: a flaw',
      messageId: messageId('reply'),
    },
    entity: bytesOf(`Content-Type: text/plain\r\n\r\n${text.replaceAll('\n', '\r\n')}`),
    signature: signedBy(certificateOf('bob').fingerprint, 'bobs-signature'),
    signedText: text,
    ...changes,
  });
  assert.ok(letter.place.kind === 'case');
  return fileReply(letter, letter.place, [], desk);
}

const unsigned: LetterChanges = { signature: { kind: 'none' }, signedText: undefined };
const answersTo = (plan: Plan) => plan.outgoing.filter(({ outer }) => outer.notice);
const answer = (plan: Plan) => readCopy(answersTo(plan)[0]).told;
const kinds = (plan: Plan) => plan.events.map(({ kind }) => kind);

test('by default nothing goes in clear, and the writer alone is told what to do', () => {
  const plan = reply('Hello Ann\n', deskOf());
  assert.deepEqual(plan.permitted, []);
  assert.deepEqual(
    answersTo(plan).map(({ readers }) => readers.map(({ id }) => id)),
    [['bob']],
  );
  assert.match(answer(plan), /Not sent to: +the reporter ann@reporter\.example: no certificate/);
  // On a line of its own, as it is to be typed.
  assert.match(
    readCopy(answersTo(plan)[0]).ourPart,
    /signed, with this as its first line:\r\n +Embargod: VS-2026-0042 clear-ok\r\n/,
  );
  assert.match(readCopy(plan.outgoing[0]).told, /No key: +not sent to ann@reporter\.example/);
});

test('with the command that one message goes, without the command, and who said so is journalled', () => {
  const plan = reply(`${command}\n\nHello Ann\n`, deskOf());
  const [mail, ...more] = plan.permitted;
  assert.ok(mail && more.length === 0);
  assert.equal(mail.recipient, ann.address);
  const text = textOf(mail.mail);
  assert.match(
    text,
    /^From: Bob via linux-distros <linux-distros@lists\.example\.org>\r\nTo: <ann@reporter\.example>\r\n/,
  );
  assert.match(text, /Subject: VS-2026-0042 reply\r\n/);
  assert.match(
    text,
    /relayed by linux-distros for Bob <bob@suse\.example>[\s\S]*linux-distros\+vs-2026-0042@[\s\S]*Hello Ann/,
  );
  assert.doesNotMatch(text, /clear-ok|a flaw/);
  assert.deepEqual(kinds(plan), ['message-filed', 'signature-spent', 'sent-in-clear']);
  assert.deepEqual(answersTo(plan), []);
  assert.match(readCopy(plan.outgoing[0]).told, /Sent clear: +to the reporter ann@reporter\.example/);
});

test('a signature opens the way once: the same one again sends nothing', () => {
  const desk = deskOf();
  const first = reply(`${command}\n\nHello Ann\n`, desk);
  const second = reply(`${command}\n\nHello Ann\n`, after(desk, first), {
    head: { messageId: messageId('again') },
  });
  assert.deepEqual(second.permitted, []);
  assert.match(answer(second), /Not done: .*this signature has carried commands before/);
});

test('a refused command spends its signature too', () => {
  const desk = deskOf({ policy: 'never' });
  assert.deepEqual(kinds(reply(`${command}\nHello\n`, desk)), ['message-filed', 'signature-spent']);
});

const refusals: readonly (readonly [string, Story, LetterChanges, RegExp | undefined])[] = [
  ['an unsigned one', {}, unsigned, /Not sent to/],
  [
    'one of a key that we do not know',
    {},
    { signature: signedBy('F'.repeat(40)) },
    /only members of linux-distros may/,
  ],
  [
    'a signature of last week',
    {},
    {
      signature: { ...signedBy(certificateOf('bob').fingerprint), signedAt: later(noon, -7 * day) },
    } as LetterChanges,
    /older than 72 hours/,
  ],
  [
    'a signature of tomorrow',
    {},
    {
      signature: { ...signedBy(certificateOf('bob').fingerprint), signedAt: later(noon, 24 * hour) },
    } as LetterChanges,
    /in the future/,
  ],
  ['a member of another list', {}, { signature: signedBy(certificateOf('olga').fingerprint) }, undefined],
  ['a list that never does', { policy: 'never' }, {}, /Not done: .*clear-ok no certificate is pinned/],
  [
    'a mail to members only',
    {},
    { recipients: ['linux-distros+vs-2026-0042.team'] },
    /not addressed to a reporter/,
  ],
  [
    'a reporter with a certificate',
    { reporter: { ...ann, certificate: certificateOf('ann') } },
    {},
    /has a certificate/,
  ],
  [
    'a reporter whose address is ours',
    { reporter: { ...ann, address: address('oss-security@lists.example.org') } },
    {},
    /cannot be sent to such an address/,
  ],
];
for (const [what, story, changes, told] of refusals) {
  test(`clear-ok does not help ${what}`, () => {
    const plan = reply(`${command}\n\nHello Ann\n`, deskOf(story), changes);
    assert.deepEqual(plan.permitted, []);
    if (told) assert.match(answer(plan), told);
    else assert.deepEqual(answersTo(plan), []);
  });
}

test('a suspended representative who reported gets nothing in clear either (A6)', () => {
  const reporter = { ...ann, id: 'olga', representative: 'olga' };
  const events: readonly Event[] = [{ kind: 'representative-suspended', representative: 'olga' }];
  const plan = reply(`${command}\n\nHello\n`, deskOf({ reporter, events }));
  assert.deepEqual(plan.permitted, []);
  assert.match(answer(plan), /may not read it at present/);
});

for (const [line, why] of [
  ['Embargod: VS-2026-0043 clear-ok', /names the case that its mail is sent to/],
  ['Embargod: VS-2026-0042 publish', /there is no such command/],
  [`${command} now`, /stands alone/],
] as const) {
  test(`"${line}" is answered and not done`, () => {
    const plan = reply(`${line}\nHello\n`, deskOf());
    assert.deepEqual(plan.permitted, []);
    assert.match(answer(plan), why);
  });
}

test('what was encrypted inside the mail and opened for members never goes in clear (K1)', () => {
  const inner = [
    {
      fileName: 'exploit.c',
      contentType: 'text/x-c',
      bytes: bytesOf('canary'),
      signature: { kind: 'none' },
      bodyDigest: 'b',
    },
  ] as const;
  const [mail] = reply(`${command}\n\nHello\n`, deskOf(), { inner, text: 'canary' }).permitted;
  assert.ok(mail);
  assert.doesNotMatch(textOf(mail.mail), /canary/);
});

test('if-reported-in-clear: a signed answer to a report in clear goes without a command, and each copy says so before', () => {
  const desk = deskOf({ policy: 'if-reported-in-clear', reportedInClear: true });
  const plan = reply('Hello Ann\n', desk);
  assert.equal(plan.permitted.length, 1);
  assert.match(
    readCopy(plan.outgoing[0]).told,
    /if it is signed the reporter ann@reporter\.example, IN CLEAR/,
  );
  const again = reply('Hello Ann\n', after(desk, plan), { head: { messageId: messageId('again') } });
  assert.deepEqual(again.permitted, [], 'the same signed text, sent in by somebody else');
  const bare = reply('Hello Ann\n', desk, {
    ...unsigned,
    head: { from: [{ name: 'Bob', address: address('bob@suse.example') }] },
  });
  assert.deepEqual(bare.permitted, []);
  assert.match(answer(bare), /repeat it, signed/);
});

test('if-reported-in-clear: a reporter who encrypted is not answered in clear, with or without a command', () => {
  const desk = deskOf({ policy: 'if-reported-in-clear' });
  assert.deepEqual(reply('Hello\n', desk).permitted, []);
  const asked = reply(`${command}\nHello\n`, desk);
  assert.deepEqual(asked.permitted, []);
  assert.match(answer(asked), /they had encrypted the report/);
});

test('no line of ours, in any copy or answer about a command, would itself be one (A2)', () => {
  const plans = [reply('Hello\n', deskOf()), reply(`${command} x\n${command}\nEmbargod:\nHello\n`, deskOf())];
  const parts = plans.flatMap(({ outgoing }) => outgoing.map((one) => readCopy(one).ourPart));
  assert.equal(parts.length, 4);
  for (const line of parts.flatMap((part) => part.split(/[\r\n\u0085\u2028\u2029]+/))) {
    assert.deepEqual(readCommands(line).lines, [], line);
  }
});
