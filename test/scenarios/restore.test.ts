import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import type { SinkBehaviour } from '../stand-ins/mail-sink.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';
import { backUpStory, restoreStory } from '../stand-ins/story-backup.ts';

/** T6, I12: a backup of three days ago comes back, and no right, send or request that ended since comes with it. */
let story: Story;
let alice: Person;
let bob: Person;
let carol: Person;
let file = '';
let away = true;
let oldRequest: Record<string, unknown> | undefined;
let oldCase = '';
let sentAtRestore = 0;
const list = 'linux-distros@lists.example.org';
const rita = 'Rita <rita@researcher.example>';

const behaviour = (recipient: string): SinkBehaviour =>
  recipient === 'bob@suse.example' && away ? { kind: 'reply', at: 'recipient', code: 451 } : { kind: 'take' };
const report = (word: string) => ({ from: rita, to: list, subject: `[vs] ${word}`, body: `canary ${word}` });

before(async () => {
  story = await startStory({ sink: { behaviour } });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  carol = await story.person('Carol', 'carol@arch.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  await story.join('Arch', 'linux-distros', carol);
  for (const person of [alice, carol])
    await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(person.address) });
});
after(() => story.close());

/** What an administrator hands the operator: these lines, signed with gpg, dated by the story's clock. */
async function signedBy(person: Person, lines: readonly string[], ago = 0): Promise<string> {
  const time = new Date(story.now() - ago).toISOString().replace(/[-:]|\.\d+Z/g, '');
  const options = ['--faked-system-time', time, '--clearsign', '-u', person.fingerprint];
  const made = await story.gpg.run(options, `${lines.join('\n')}\n`);
  assert.equal(made.code, 0, made.stderr);
  return Buffer.from(made.stdout).toString();
}
const statement = (generation: number, part: string) =>
  `I confirm restore ${generation} of lists.example.org: ${part}`;

/** Refused, and why. */
async function why(request: Parameters<Story['ask']>[0]): Promise<string> {
  const answer = await story.ask(request);
  return answer.kind === 'refused' ? answer.reason : '';
}

test('the backup is made while a copy is on its way and a mail waits', async () => {
  await story.tell(report('first'));
  oldCase = (await story.cases())[0] ?? '';
  await story.post(report('waiting'));
  file = (await backUpStory(story, 'old.backup')).file;
});

test('three days go by: mail is sent, an administrator loses that office and then every right', async () => {
  await story.settle();
  story.pass(3 * day);
  away = false;
  await story.order({
    kind: 'administrator-remove',
    list: 'linux-distros',
    address: address(carol.address),
    sure: true,
  });
  await story.order({ kind: 'representative-suspend', member: 'Arch', address: address(carol.address) });
  [oldRequest] = await story.query('SELECT id, sealed FROM requests ORDER BY created_at DESC LIMIT 1');
  for (let count = 0; count < 50; count += 1) await story.post(report(`later ${count}`));
  await story.settle();
  assert.equal((await story.cases()).length, 52);
  const copies = story.sink.mails().filter(({ raw }) => /^Subject: VS-\S+ new/m.test(raw));
  assert.ok(copies.length >= 100, `${copies.length} copies have left`);
});

test('restored, it is frozen: nothing is sent, however long it waits, and mail is taken in and waits', async () => {
  await restoreStory(story, file);
  await story.restartKeyholder();
  sentAtRestore = story.sink.mails().length;
  assert.deepEqual(
    await story.query(`SELECT FROM outbox WHERE state IN ('queued', 'deferred', 'parked')`),
    [],
  );
  await story.post(report('while frozen'));
  story.pass(2 * day);
  await story.settle();
  assert.equal((await story.inbox('waiting')).length, 2);
  assert.equal(story.sink.mails().length, sentAtRestore);
  assert.equal((await story.cases()).length, 1);
});

test('the suspension and the dismissal are made again by the keyholder’s own memory', async () => {
  const shown = await story.order({ kind: 'restore-show' });
  const text = shown.text.join('\n');
  assert.match(text, /carol@arch\.example \(Arch\), suspended/);
  assert.match(text, /carol@arch\.example, no administrator of linux-distros/);
  assert.match(text, /Administrators\n {2}alice@debian\.example of linux-distros\n\n/);
  assert.match(text, /Uncertain rows of the outbox: [1-9]/);
  assert.match(text, /Lost: everything after 20\d\d-\S+: \d{3} entries of the journal/);
  const standing = await story.query('SELECT standing FROM readers WHERE address = $1', [carol.address]);
  assert.deepEqual(standing, [{ standing: 'suspended' }]);
});

test('while it is frozen the operator may look and take rights away, and nothing else', async () => {
  const frozen = /frozen until people have confirmed/;
  assert.match(await why({ kind: 'member-add', name: 'X', lists: ['linux-distros'], products: [] }), frozen);
  assert.match(await why({ kind: 'list-key', name: 'linux-distros' }), frozen);
  const restore = {
    kind: 'representative-restore',
    member: 'Arch',
    address: address(carol.address),
  } as const;
  assert.match(await why(restore), frozen);
  await story.order({ kind: 'list-show', name: 'linux-distros' });
  await story.order({ kind: 'journal-verify' });
  await story.order({ kind: 'representative-suspend', member: 'SUSE', address: address(bob.address) });
  await story.settle();
  assert.equal(story.sink.mails().length, sentAtRestore, 'not even the announcement');
  const ofBob = await story.query('SELECT DISTINCT state FROM outbox WHERE recipient = $1', [bob.address]);
  assert.deepEqual(ofBob, [{ state: 'cancelled' }], 'what was uncertain for them is not to be sent at all');
});

test('a request of the operator’s from before the restore is not carried out a second time', async () => {
  assert.ok(oldRequest);
  await story.query('INSERT INTO requests (id, sealed) VALUES ($1, $2)', [oldRequest.id, oldRequest.sealed]);
  const [{ size } = {}] = await story.query('SELECT size FROM journal_head');
  await story.settle();
  assert.deepEqual(await story.query('SELECT state FROM requests WHERE id = $1', [oldRequest.id]), [
    { state: 'refused' },
  ]);
  assert.deepEqual(await story.query('SELECT size FROM journal_head'), [{ size }]);
});

test('no confirmation counts without an administrator’s own signature, made after the restore, for this restore', async () => {
  const confirm = (signed?: string) => why({ kind: 'restore-confirm', part: 'roster', signed });
  const line = statement(2, 'roster');
  assert.match(
    await confirm(),
    /An administrator has to sign it: gpg --clearsign over the line "I confirm restore 2/,
  );
  assert.match(await confirm('no signature at all'), /holds no text with a good signature/);
  const good = await signedBy(alice, [line]);
  assert.match(await confirm(good.replace('restore 2', 'restore 3')), /holds no text with a good signature/);
  assert.match(await confirm(await signedBy(carol, [line])), /nobody who administers a list now/);
  assert.match(await confirm(await signedBy(alice, [line], 4 * day)), /signed before the restore/);
  assert.match(await confirm(await signedBy(alice, [statement(3, 'roster')])), /has no line/);
  assert.match(
    await confirm(`${line}\n${await signedBy(alice, ['hello'])}`),
    /no text with a good signature/,
  );
});

test('roster and purges are confirmed first, the outbox last; the members then hear what was lost and who reads', async () => {
  story.skipNews();
  const parts = ['roster', 'purges', 'outbox'];
  const signed = await signedBy(
    alice,
    parts.map((part) => statement(2, part)),
  );
  const outbox = { kind: 'restore-confirm', part: 'outbox', uncertain: 'cancel', signed } as const;
  assert.match(await why(outbox), /Confirm roster and purges first/);
  await story.order({ kind: 'restore-confirm', part: 'roster', signed });
  assert.match(await why({ kind: 'restore-confirm', part: 'roster', signed }), /confirmed already/);
  await story.order({ kind: 'restore-confirm', part: 'purges', signed });
  assert.deepEqual(await story.news(alice), []);
  await story.order(outbox);
  await story.settle();
  assert.match(await why(outbox), /Nothing is frozen/);
  const told = (await story.news(alice)).find((one) => one.says('Restored') !== '');
  assert.ok(told?.sealed);
  assert.match(told.says('Lost'), /^everything after 20/);
  assert.equal(told.says('Readers'), 'alice@debian.example (Debian)');
  assert.equal(told.says('Run by'), 'alice@debian.example');
});

test('what had waited at the backup is held for a person; what came while frozen is handled', async () => {
  assert.equal((await story.inbox('held')).length, 1);
  const cases = await story.cases();
  assert.equal(cases.length, 2, 'the old case, and one for the report that came while it was frozen');
  assert.deepEqual(await story.inbox('waiting'), []);
});

test('a reply to the old case is filed there', async () => {
  story.skipNews();
  await story.tell({ from: rita, to: caseAddress(oldCase), subject: 'Re: first', body: 'canary reply' });
  assert.match((await story.onlyNews(alice)).text, /canary reply/);
  assert.equal((await story.cases()).length, 2);
});

test('nobody ever got a message twice, and who was suspended got nothing after the restore', async () => {
  story.pass(2 * day);
  await story.settle();
  const later = story.sink.mails().slice(sentAtRestore);
  for (const gone of [bob, carol]) assert.ok(later.every(({ recipient }) => recipient !== gone.address));
  const ids = story.sink
    .mails()
    .map(({ recipient, raw }) => `${recipient} ${/^Message-ID: (\S+)/im.exec(raw)?.[1]}`);
  assert.equal(new Set(ids).size, ids.length);
});

test('restored once more, it is a later generation, frozen again', async () => {
  const before = Number((await story.query('SELECT generation FROM journal_head'))[0]?.generation);
  await restoreStory(story, file);
  await story.restartKeyholder();
  const shown = await story.order({ kind: 'restore-show' });
  assert.match(shown.text.join('\n'), new RegExp(`generation ${before + 1}`));
  assert.match(shown.text.join('\n'), /bob@suse\.example \(SUSE\), suspended/);
  await story.order({ kind: 'representative-suspend', member: 'Debian', address: address(alice.address) });
  // With the last administrator gone, the operator's word is all there is: nobody is locked out for ever.
  await story.order({ kind: 'restore-confirm', part: 'purges' });
  await story.order({ kind: 'restore-confirm', part: 'roster' });
  await story.order({ kind: 'restore-confirm', part: 'outbox', uncertain: 'resend' });
  await story.settle();
});

test('the story ends with nothing forgotten', () => story.end());
