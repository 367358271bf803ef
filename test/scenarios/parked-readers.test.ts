import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';

/** A certificate expires: one reader waits, the others read, and what waited is wrapped late (K4, I5, R6). */
let story: Story;
let alice: Person;
let bob: Person;
let eve: Person;
let robin: Person;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  eve = await story.person('Eve', 'eve@arch.example', 'ed25519', '2d');
  robin = await story.person('Robin', 'robin@researcher.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  await story.join('Arch', 'linux-distros', eve);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  story.pass(3 * day);
  await story.tell({
    from: robin,
    to: list,
    subject: '[vs] libfoo',
    body: 'canary-report',
    seal: 'linux-distros',
    signer: robin,
    enclose: robin,
  });
});
after(() => story.close());

test('the others have theirs, and are told by name who does not', async () => {
  const copy = await story.onlyNews(bob);
  assert.match(copy.text, /canary-report/);
  assert.equal(copy.says('Not reached'), 'eve@arch.example (Arch): certificate expired');
});

test('administrators have a sealed alarm and a task, with an owner and a time', async () => {
  const alarm = (await story.news(alice)).find((one) => one.says('What') !== '');
  assert.match(
    alarm?.says('What') ?? '',
    /^Mail waits for eve@arch\.example: nothing can be sealed to their certificate/,
  );
  const tasks = await story.query(
    `SELECT owner, kind, settled_at FROM obligations WHERE kind = 'repair-certificate'`,
  );
  assert.deepEqual(tasks, [{ owner: 'administrators', kind: 'repair-certificate', settled_at: null }]);
});

test('the parked reader is told in clear, without content, case or number, and once a day', async () => {
  const told = await story.onlyNews(eve);
  assert.equal(told.sealed, false);
  assert.equal(told.outer('Subject'), 'linux-distros cannot encrypt to your OpenPGP certificate');
  assert.match(told.text, /it has expired/);
  assert.doesNotMatch(told.mail.raw, /canary|VS-\d{4}|libfoo/);
  assert.equal(told.mail.from, '');
  const [number = ''] = await story.cases();
  await story.tell({
    from: alice,
    to: caseAddress(number),
    subject: 'Re: libfoo',
    body: 'canary-second',
    seal: 'linux-distros',
    signer: alice,
  });
  assert.deepEqual(await story.news(eve), []);
});

test('a reporter hears how many were not reached, and no name (R6)', async () => {
  const copy = (await story.news(robin)).at(-1);
  assert.match(copy?.text ?? '', /canary-second/);
  assert.equal(copy?.says('Not reached'), '1 of the readers');
  assert.doesNotMatch(copy?.text ?? '', /eve@|Arch/);
  story.skipNews();
});

test('the renewed certificate waits a day, announced; then the reader reads what was parked (A6, K4)', async () => {
  await story.gpg.run(['--quick-set-expire', eve.fingerprint, '0']);
  await story.gpg.run(['--quick-set-expire', eve.fingerprint, '0', '*']);
  await story.order({
    kind: 'representative-add',
    member: 'Arch',
    address: address(eve.address),
    certificate: await story.publicKey(eve),
  });
  await story.settle();
  assert.match(
    (await story.onlyNews(bob)).says('Change'),
    /^eve@arch\.example \(Arch\) gets the further cert/,
  );
  assert.deepEqual(
    (await story.news(eve)).filter((one) => one.sealed),
    [],
  );
  story.pass(day - 60_000);
  await story.settle();
  assert.deepEqual(
    (await story.news(eve)).filter((one) => one.sealed),
    [],
  );
  story.pass(61_000);
  await story.settle();
  const read = (await story.news(eve)).filter((one) => one.sealed);
  const texts = read.map((one) => /canary-\w+/.exec(one.text)?.[0]).filter((text) => text !== undefined);
  assert.deepEqual(texts.toSorted(), ['canary-report', 'canary-second']);
  const [task] = await story.query(`SELECT ending FROM obligations WHERE kind = 'repair-certificate'`);
  assert.equal(task?.ending, 'nothing waits any more');
});

test('the late copy is of the same message: its Message-ID is the one the others have', async () => {
  const ofEve = story.mailFor(eve.address).filter(({ raw }) => raw.includes('BEGIN PGP MESSAGE'));
  const ids = (mails: readonly { raw: string }[]) =>
    mails.map(({ raw }) => /^Message-ID: (<.*>)\r$/im.exec(raw)?.[1]);
  const ofBob = ids(story.mailFor(bob.address));
  for (const id of ids(ofEve)) assert.ok(ofBob.includes(id));
});

test('who is removed while mail waits for them is nobody’s task any more, and never reads it', async () => {
  const brief = await story.person('Brief', 'brief@gentoo.example', 'ed25519', '6d');
  await story.join('Gentoo', 'linux-distros', brief);
  story.pass(3 * day);
  const rita = { from: 'Rita <rita@researcher.example>', to: list, seal: 'linux-distros' } as const;
  await story.tell({ ...rita, subject: '[vs] libbar', body: 'canary-late' });
  const open = `SELECT id FROM obligations WHERE kind = 'repair-certificate' AND settled_at IS NULL`;
  assert.equal((await story.query(open)).length, 1);
  await story.order({ kind: 'representative-remove', member: 'Gentoo', address: address(brief.address) });
  await story.settle();
  assert.equal((await story.query(open)).length, 0);
  await story.gpg.run(['--quick-set-expire', brief.fingerprint, '0']);
  await story.gpg.run(['--quick-set-expire', brief.fingerprint, '0', '*']);
  await story.join('Gentoo', 'linux-distros', brief);
  story.pass(2 * day);
  await story.settle();
  assert.deepEqual(
    (await story.news(brief)).filter((one) => one.sealed),
    [],
  );
});

test('members are told by name when it is the reporter who is not reached (R3, R6)', async () => {
  const rex = await story.person('Rex', 'rex@researcher.example', 'ed25519', '12d');
  const report = { from: rex, to: list, subject: '[vs] libqux', body: 'canary-rex', seal: 'linux-distros' };
  await story.tell({ ...report, signer: rex, enclose: rex });
  const number = (await story.cases()).at(-1) ?? '';
  story.pass(5 * day);
  await story.settle();
  story.skipNews();
  await story.tell({
    from: alice,
    to: caseAddress(number),
    subject: 'Re: libqux',
    body: 'canary-to-rex',
    seal: 'linux-distros',
    signer: alice,
  });
  const copy = await story.onlyNews(bob);
  assert.equal(copy.says('Not reached'), 'rex@researcher.example (reporter): certificate expired');
  const told = await story.onlyNews(rex);
  assert.equal(told.sealed, false);
  assert.doesNotMatch(told.mail.raw, /canary|VS-\d{4}/);
});

test('the story ends with nothing forgotten', () => story.end());
