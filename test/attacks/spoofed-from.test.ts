import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { vouchingFor } from '../stand-ins/mail-resolver.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';

/**
 * Attack: a From that is somebody else's, two From fields, two authors, other fields that programs take for the author.
 * From is never asked who wrote; it grants nothing, takes nothing away and is never shown as proved. Deeper:
 * src/message/letter/recognise-signer.test.ts, src/message/file/audience.test.ts, src/mail/read-letter-head.test.ts.
 */
let story: Story;
let alice: Person;
let bob: Person;
let robin: Person;
let mallory: Person;
let number: string;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory({ resolver: vouchingFor('debian.example', 'researcher.example') });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  robin = await story.person('Robin', 'robin@researcher.example', 'ed25519');
  mallory = await story.person('Mallory', 'mallory@evil.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  const report = {
    from: robin,
    to: list,
    subject: '[vs] libfoo',
    body: 'canary-report',
    seal: 'linux-distros',
  };
  await story.tell({ ...report, signer: robin, enclose: robin });
  [number = ''] = await story.cases();
  story.skipNews();
});
afterEach(() => story.skipNews());
after(() => story.close());

/** From a machine that no domain vouches for, so its SPF fails for either. */
const asMallory = { mailFrom: 'mallory@evil.example', subject: 'Re: libfoo' } as const;

test('honest: what Alice signs is Alice’s, whatever its From says, and Mallory’s is not', async () => {
  const signed = { to: caseAddress(number), seal: 'linux-distros', subject: 'Re: libfoo' } as const;
  await story.tell({ ...signed, from: 'A. <home@alice.example>', body: 'canary-hers', signer: alice });
  assert.match((await story.onlyNews(bob)).says('Signature'), /^good, by alice@debian\.example \(Debian\)/);
  await story.tell({ ...signed, ...asMallory, from: alice, body: 'canary-his', signer: mallory });
  const copy = await story.onlyNews(bob);
  assert.doesNotMatch(copy.says('Signature'), /good|alice/);
  assert.match(copy.says('Note'), /signed by a key we do not know/);
});

test('a command under Alice’s name, unsigned or signed by another, is not carried out', async () => {
  const body = `Embargod: ${number} clear-ok\n\ncanary-command`;
  for (const signer of [undefined, mallory]) {
    await story.tell({
      ...asMallory,
      from: alice,
      to: caseAddress(number),
      body,
      seal: 'linux-distros',
      ...(signer ? { signer } : {}),
    });
  }
  for (const copy of await story.news(bob)) assert.equal(copy.says('Sent clear'), '');
  const events = await story.query(
    `SELECT kind FROM journal WHERE kind IN ('sent-in-clear', 'signature-spent')`,
  );
  assert.deepEqual(events, []);
});

test('a From that is a reader’s keeps that reader’s copy from nobody (I10)', async () => {
  for (const victim of [bob, robin]) {
    const body = `canary-as-${victim.name}`;
    await story.tell({ ...asMallory, from: victim, to: caseAddress(number), body });
    for (const reader of [alice, bob, robin])
      assert.match((await story.onlyNews(reader)).text, new RegExp(body));
  }
});

/** Each is sent in clear and tagged; what its administrators or members read of it. */
const twoFaced: Readonly<Record<string, readonly string[]>> = {
  'two From fields': ['From: mallory@evil.example', 'From: alice@debian.example'],
  'two From fields, one in capitals': ['FROM: mallory@evil.example', 'from: alice@debian.example'],
  'two From fields, one folded': ['From:\r\n alice@debian.example', 'From: mallory@evil.example'],
  'the same From twice': ['From: alice@debian.example', 'From: alice@debian.example'],
};

for (const [what, fields] of Object.entries(twoFaced)) {
  test(`${what}: held, answered to nobody`, async () => {
    const raw = [...fields, `To: ${list}`, 'Subject: [vs] two faces', '', 'canary-faces', ''].join('\r\n');
    const before = (await story.cases()).length;
    assert.match(await story.send({ from: 'alice@debian.example', to: [list], raw }), /^250 /);
    await story.settle();
    assert.equal((await story.cases()).length, before);
    const held = await story.onlyNews(alice);
    assert.match(held.says('Why'), /more than one From field/);
    assert.deepEqual(await story.news(bob), []);
    assert.ok(story.mailFor(alice.address).every((mail) => mail.raw.includes('-----BEGIN PGP MESSAGE')));
  });
}

test('two From fields within the encryption are held too', async () => {
  const inside = [
    'Content-Type: text/plain; protected-headers="v1"',
    'From: mallory@evil.example',
    'From: alice@debian.example',
    'Subject: [vs] two faces',
    '',
    'canary-inside',
    '',
  ].join('\r\n');
  const armour = await story.sealTo('linux-distros', inside);
  const raw = `From: mallory@evil.example\r\nTo: ${list}\r\nSubject: ...\r\n\r\n${armour}`;
  assert.match(await story.send({ from: 'mallory@evil.example', to: [list], raw }), /^250 /);
  await story.settle();
  assert.match((await story.onlyNews(alice)).says('Why'), /more than one From field/);
});

test('two authors in one From are answered to neither, and neither is shown as proved', async () => {
  const from = 'Alice <alice@debian.example>, Robin <robin@researcher.example>';
  const raw = [
    `From: ${from}`,
    'Sender: robin@researcher.example',
    `To: ${list}`,
    'Subject: [vs] both',
    '',
    'canary-both',
  ];
  const sunk = story.sink.mails().length;
  const mail = { from: 'robin@researcher.example', to: [list], raw: raw.join('\r\n') };
  assert.match(await story.send(mail), /^250 /);
  await story.settle();
  assert.equal((await story.onlyNews(bob)).says('Signature'), 'none');
  assert.deepEqual(
    story.sink
      .mails()
      .slice(sunk)
      .filter(({ recipient }) => recipient === robin.address),
    [],
  );
});

test('Sender, Reply-To, Return-Path and names that look like addresses are nobody we write to', async () => {
  const sunk = story.sink.mails().length;
  await story.tell({
    ...asMallory,
    from: '"robin@researcher.example" <mallory@evil.example>',
    to: list,
    subject: '[vs] mask',
    body: 'canary-mask',
    fields: [
      'Sender: robin@researcher.example',
      'Reply-To: robin@researcher.example',
      'Return-Path: <robin@researcher.example>',
      'Disposition-Notification-To: robin@researcher.example',
      'X-Original-From: alice@debian.example',
    ],
  });
  const copy = await story.onlyNews(bob);
  assert.equal(copy.says('From'), 'robin@researcher.example <mallory@evil.example>');
  assert.equal(copy.says('Signature'), 'none');
  const told = story.sink.mails().slice(sunk);
  assert.deepEqual(
    told.map(({ recipient }) => recipient).toSorted(),
    [alice.address, bob.address],
    'the members and nobody else',
  );
});

test('the story ends with nothing forgotten', () => story.end());
