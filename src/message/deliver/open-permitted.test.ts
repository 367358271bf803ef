import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address } from '../../../test/stand-ins/community.ts';
import { keyholderWord, sha256 } from '../../../test/stand-ins/keyholder-word.ts';
import {
  openStandIn,
  permittedMail,
  permittedRow,
  sealStandIn,
} from '../../../test/stand-ins/permitted-mail.ts';
import type { MessageId } from '../../mail/letter-head.ts';
import { instantFromMilliseconds } from '../../time/instant.ts';
import type { OutboxRow, SealedToSender } from '../ports.ts';
import { readPermit } from './check-copy.ts';
import { openPermitted, type PermittedContent } from './open-permitted.ts';

const word = keyholderWord();
const tools = { verify: word.verify, sha256 };
const good = permittedRow(instantFromMilliseconds(1_795_000_000_000));

type Changed = OutboxRow & { content: PermittedContent };

/** The row as it lies there, and the keyholder's permit for the one it wrote. */
function look(row: Changed, permitted: OutboxRow = good) {
  const permit = readPermit(word.permit('in-clear', [permitted]), tools);
  const opened: number[] = [];
  const checked = openPermitted({ row, content: row.content, permit }, tools, (sealed) => {
    opened.push(sealed.length);
    return openStandIn(sealed);
  });
  return { checked, opened: opened.length };
}

const withContent = (change: Partial<PermittedContent>): Changed => ({
  ...good,
  content: { ...good.content, ...change },
});
const sealed = (mail: Uint8Array): Changed => withContent({ sealed: sealStandIn(mail) });

test('what the keyholder permitted is opened, its dots stuffed for the wire', () => {
  const { checked } = look(good);
  assert.ok(checked.kind === 'mail');
  assert.equal(
    Buffer.from(checked.mail).toString(),
    Buffer.from(permittedMail()).toString().replace('\r\n.dotted', '\r\n..dotted'),
  );
});

/** P5: whatever is changed after the keyholder signed, the row is held, and nothing is even opened. */
const mutations: Readonly<Record<string, Changed>> = {
  recipient: { ...good, recipient: address('eve@elsewhere.example') },
  list: { ...good, list: 'distros' },
  case: { ...good, caseNumber: 'VS-2026-0043' },
  'return path': { ...good, returnPath: address('eve@elsewhere.example') },
  id: { ...good, id: 'another' },
  'message id': withContent({ messageId: '<other@lists.example>' as MessageId }),
  'sealed bytes': withContent({
    sealed: good.content.sealed.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) as SealedToSender,
  }),
  'sealed mail exchanged': sealed(permittedMail({ body: 'something else\r\n' })),
  'nothing sealed': withContent({ sealed: new Uint8Array() as SealedToSender }),
};
for (const [what, row] of Object.entries(mutations)) {
  test(`a row with a changed ${what} is held unopened`, () => {
    assert.deepEqual(look(row), { checked: { kind: 'fault', fault: 'row-not-permitted' }, opened: 0 });
  });
}

test('every single byte of what is sealed counts', () => {
  for (const at of good.content.sealed.keys()) {
    const changed = good.content.sealed.map((byte, index) =>
      index === at ? byte ^ 0x20 : byte,
    ) as SealedToSender;
    assert.equal(look(withContent({ sealed: changed })).checked.kind, 'fault');
  }
});

test('without a permit, or with a forged one, it is held unopened', () => {
  const forged = readPermit(keyholderWord().permit('in-clear', [good]), tools);
  for (const [permit, fault] of [
    [undefined, 'permit-missing'],
    [forged, 'permit-forged'],
  ] as const) {
    const checked = openPermitted({ row: good, content: good.content, permit }, tools, () =>
      assert.fail('opened'),
    );
    assert.deepEqual(checked, { kind: 'fault', fault });
  }
});

test('the kind cannot be exchanged: a permit for a notice or copy permits no mail in clear', () => {
  const notice: OutboxRow = { ...good, content: { kind: 'notice', template: 'receipt', parameters: {} } };
  assert.deepEqual(look(good, notice).checked, { kind: 'fault', fault: 'row-not-permitted' });
});

/** Even signed by the keyholder: a second look, as its process is the one that reads mail of strangers. */
const signedButWrong: readonly (readonly [string, Changed, string])[] = [
  [
    'is for another addressee',
    sealed(permittedMail({ to: 'eve@elsewhere.example' })),
    'permitted-other-addressee',
  ],
  [
    'has a second addressee',
    sealed(permittedMail({ to: 'ann@reporter.example>\r\nCc: <eve@elsewhere.example' })),
    'permitted-other-addressee',
  ],
  ['is another message', sealed(permittedMail({ id: '<other@lists.example>' })), 'permitted-other-message'],
  [
    'has two Message-IDs',
    sealed(permittedMail({ id: '<relayed@lists.example>\r\nMessage-ID: <b@b>' })),
    'permitted-other-message',
  ],
  [
    'could end early on the wire',
    sealed(permittedMail({ body: 'a\n.\nMAIL FROM:<x>\r\n' })),
    'permitted-unsafe-bytes',
  ],
  [
    'is sealed to somebody else',
    withContent({ sealed: permittedMail() as SealedToSender }),
    'permitted-unopenable',
  ],
];
for (const [what, row, fault] of signedButWrong) {
  test(`a permitted mail that ${what} is held`, () => {
    assert.deepEqual(look(row, row).checked, { kind: 'fault', fault });
  });
}
