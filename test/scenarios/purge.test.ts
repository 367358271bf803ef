import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { examineCertificates } from '../../src/adapters/openpgp/examine-certificates.ts';
import { openKeyring } from '../../src/adapters/openpgp/keyring/keyring.ts';
import { openPrivateStore } from '../../src/adapters/postgres/private-store.ts';
import type { Epoch, Sealed } from '../../src/message/ports.ts';
import { homeContext } from '../../src/run/keyholder/home-context.ts';
import { journalFold } from '../../src/run/keyholder/journal-fold.ts';
import { journalGuard } from '../../src/run/keyholder/journal-guard.ts';
import { keysOfKeyring } from '../../src/run/keyholder/keys-of-keyring.ts';
import { machineTools } from '../../src/run/keyholder/machine-tools.ts';
import { day, hour } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';

/** K6: a closed case goes for good, keys and all; the cases beside it, of the same month, lose nothing. */
let story: Story;
let alice: Person;
let bob: Person;
let gone: string;
let kept: string;
/** What somebody who copied the database before the purge has. */
let backup: Record<'details' | 'inbox' | 'home_keys' | 'bodies', readonly Record<string, unknown>[]>;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519', '1d');
  const robin = await story.person('Robin', 'robin@researcher.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  const report = { from: robin, to: list, seal: 'linux-distros', signer: robin, enclose: robin } as const;
  await story.tell({ ...report, subject: 'first', body: 'canary of the first' });
  await story.tell({ ...report, subject: 'second', body: 'canary of the second' });
  [gone = '', kept = ''] = await story.cases();
  const said = { from: alice, signer: alice, seal: 'linux-distros', subject: 'Re: it' } as const;
  for (const number of [gone, kept]) {
    await story.tell({ ...said, to: caseAddress(number), body: `canary about ${number}` });
  }
  await story.tell({ from: 'S <s@h.example>', to: list, subject: 'untagged', body: 'is it held?' });
  story.skipNews();
});
after(() => story.close());

const purge = (...cases: readonly string[]) => story.ask({ kind: 'purge', cases });
const close = (caseNumber: string) =>
  story.order({ kind: 'case-close', caseNumber, posting: 'https://lists.example.org/oss-security/1' });

/** The keys as they lie in the directory now, as a keyholder would read them that starts at this moment. */
const keyringNow = () =>
  openKeyring({
    directory: join(story.directory, 'keyholder'),
    passphrase: undefined,
    unprotected: true,
    demo: false,
    now: story.now(),
  });

test('an open case is not purged, nor one that is not there', async () => {
  const open = await purge(gone);
  assert.match(open.kind === 'refused' ? open.reason : '', /is open: a case ends in public first/);
  const unknown = await purge('VS-2026-0000');
  assert.match(unknown.kind === 'refused' ? unknown.reason : '', /There is no case/);
});

test('a case is closed with its posting, and the members hear where it is', async () => {
  await close(gone);
  await story.settle();
  for (const member of [alice, bob]) {
    const told = await story.onlyNews(member);
    assert.match(told.says('Public at'), /^https:\/\/lists\.example\.org\/oss-security\/1$/);
  }
  const owed = await story.query('SELECT kind FROM obligations WHERE subject = $1 AND settled_at IS NULL', [
    gone,
  ]);
  assert.deepEqual(owed, []);
});

test('a purge is announced to the members, who can object for a day', async () => {
  assert.equal((await purge(gone)).kind, 'done');
  await story.settle();
  assert.match((await story.onlyNews(alice)).says('Cases'), new RegExp(`^${gone}$`));
  const early = await purge(gone);
  assert.match(early.kind === 'refused' ? early.reason : '', /may object until/);
});

test('meanwhile a reader’s certificate expires, and a copy waits for them', async () => {
  story.pass(day + hour);
  const said = { from: alice, signer: alice, seal: 'linux-distros', subject: 'Re: it' } as const;
  await story.tell({ ...said, to: caseAddress(kept), body: 'parked before the purge' });
  story.skipNews();
});

test('then it takes everything of the case, and destroys the keys that it rested under', async () => {
  const all = async (table: string) => story.query(`SELECT * FROM ${table}`);
  backup = {
    details: await story.query('SELECT d.*, j.subject FROM details d JOIN journal j USING (sequence)'),
    inbox: await all('inbox'),
    home_keys: await story.query(
      'SELECT h.*, b.case_number FROM home_keys h JOIN bodies b ON b.id = h.body_id',
    ),
    bodies: await all('bodies'),
  };
  const answer = await purge(gone);
  assert.equal(answer.kind, 'done', JSON.stringify(answer));
  for (const table of ['outbox', 'bodies']) {
    const rows = await story.query(`SELECT * FROM ${table} WHERE case_number = $1`, [gone]);
    assert.deepEqual(rows, [], table);
  }
  const details = await story.query(
    `SELECT kind FROM journal JOIN details USING (sequence) WHERE subject = $1`,
    [gone],
  );
  assert.deepEqual(details, []);
  assert.deepEqual(await story.query('SELECT state FROM cases WHERE number = $1', [gone]), [
    { state: 'purged' },
  ]);
  const epochs = await story.query('SELECT DISTINCT epoch FROM inbox UNION SELECT epoch FROM home_keys');
  assert.equal(epochs.length, 1, 'what is left rests under one epoch');
  assert.match(String(epochs[0]?.epoch), /^\d{4}-\d{2}\.02$/);
});

test('a copy of the database from before, with the keys of today, opens nothing of it (K6)', async () => {
  const keyring = await keyringNow();
  const refusals: string[] = [];
  const refused = async (what: string, open: Promise<Uint8Array>) =>
    refusals.push(
      await open.then(
        () => `${what} was opened`,
        (error) => String(error.code),
      ),
    );
  for (const row of backup.inbox) {
    const [name = ''] = row.lists as string[];
    await refused('mail', keyring.openInbox(name, row.epoch as Epoch, row.sealed as Sealed));
  }
  for (const row of backup.home_keys) {
    const context = homeContext(String(row.body_id));
    await refused('home', keyring.openRecord(row.epoch as Epoch, row.sealed as Sealed, context));
  }
  const ofCase = backup.details.filter((row) => row.subject === gone);
  for (const row of ofCase) {
    const context = `journal ${row.sequence}`;
    await refused('detail', keyring.openRecord(row.epoch as Epoch, row.sealed as Sealed, context));
  }
  assert.ok(ofCase.length >= 4 && backup.inbox.length >= 5 && backup.home_keys.length >= 4);
  assert.deepEqual([...new Set(refusals)], ['key-missing']);
  const names = await readdir(join(story.directory, 'keyholder'), { recursive: true });
  assert.deepEqual(
    names.filter((name) => /(records|storage)-\d{4}-\d{2}\.key$/.test(name)),
    [],
  );
});

test('a keyholder that starts now knows what the running one knows, and the journal holds', async () => {
  const store = openPrivateStore(story.databases.as('keyholder'));
  const fold = await journalFold({
    store,
    keys: keysOfKeyring(await keyringNow(), examineCertificates),
    guard: journalGuard(join(story.directory, 'keyholder', 'journal-head')),
    sha256: machineTools.sha256,
  });
  await fold.catchUp();
  await store.close();
  assert.deepEqual([...fold.knowledge.cases.keys()], [kept]);
  assert.deepEqual([...fold.knowledge.purged], [gone]);
  const verified = await story.order({ kind: 'journal-verify' });
  assert.match(verified.text.join('\n'), /purged/);
});

test('a copy that was parked before the purge is read once its reader can: its session key was wrapped anew', async () => {
  await story.gpg.run(['--quick-set-expire', bob.fingerprint, '0']);
  await story.gpg.run(['--quick-set-expire', bob.fingerprint, '0', '*']);
  const request = { kind: 'representative-add', member: 'SUSE', address: address(bob.address) } as const;
  await story.order({ ...request, certificate: await story.publicKey(bob) });
  story.skipNews();
  story.pass(day + hour);
  await story.settle();
  const read = await story.news(bob);
  assert.ok(read.some(({ text }) => text.includes('parked before the purge')));
});

test('the case beside it lives on: replies, and the mail that was held', async () => {
  const said = { from: alice, signer: alice, seal: 'linux-distros', subject: 'Re: it' } as const;
  await story.tell({ ...said, to: caseAddress(kept), body: 'still here' });
  assert.match((await story.onlyNews(bob)).text, /still here/);
  const [held = ''] = await story.inbox('held');
  await story.order({ kind: 'held-pass', id: held, reason: '' });
  await story.settle();
  assert.match((await story.onlyNews(bob)).text, /is it held\?/);
  story.skipNews();
});

test('a reply to the purged case is held: nobody reads in it what was, and nobody is told more', async () => {
  const said = { from: alice, signer: alice, seal: 'linux-distros', subject: 'Re: it' } as const;
  const before = (await story.inbox('held')).length;
  await story.tell({ ...said, to: caseAddress(gone), body: 'and this one?' });
  assert.equal((await story.inbox('held')).length, before + 1);
  assert.deepEqual(await story.news(bob), []);
});

test('purging again finds nothing; mail of no case goes after 30 days', async () => {
  const again = await purge(gone);
  assert.match(again.kind === 'refused' ? again.reason : '', /purged already/);
  story.pass(31 * day);
  const before = (await story.inbox('judged')).length;
  assert.equal((await purge()).kind, 'done');
  assert.ok((await story.inbox('judged')).length <= before);
  assert.equal((await purge()).kind, 'done');
});
