import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type PublicList, publicList } from '../stand-ins/public-list.ts';

/** A mail to the public list, from the door to the page: who waits for a moderator, and who no longer does. */
let here: PublicList;
let firstOfVera: string;
const vera = 'Vera <vera@vouched.example>';

before(async () => {
  here = await publicList();
});
after(() => here.close());

test('an author’s first posting waits, though it is vouched for, and nobody sees it', async () => {
  firstOfVera = await here.post({ id: 'v1@vouched.example', from: vera, subject: 'libfoo: heap overflow' });
  assert.deepEqual(await here.state(firstOfVera), { state: 'held', heldFor: ['first-of-its-author'] });
  assert.match(await here.page('/oss-security/v1@vouched.example/'), /not found|no such|404/i);
  assert.equal((await here.desk.held('oss-security'))[0]?.id, firstOfVera);
});

test('a moderator passes it: it has its page, is in the feed, and a search finds it', async () => {
  const answer = await here.pass(firstOfVera);
  assert.deepEqual(answer.kind === 'done' && answer.text, ['It is posted to oss-security.']);
  assert.match(await here.page('/oss-security/v1@vouched.example/'), /libfoo: heap overflow/);
  assert.match(await here.page('/oss-security/new.atom'), /libfoo: heap overflow/);
  assert.match(await here.page('/oss-security/?q=libfoo'), /href="\/oss-security\/v1@vouched\.example\/"/);
  assert.match(
    await here.page('/oss-security/v1@vouched.example/raw'),
    /^From: Vera <vera@vouched\.example>\r\n[\s\S]*It overflows\.\r\n$/,
  );
});

test('the second of the same author needs nobody', async () => {
  const second = await here.post({ id: 'v2@vouched.example', from: vera, answers: ['v1@vouched.example'] });
  assert.deepEqual(await here.state(second), { state: 'done', heldFor: [] });
  assert.match(await here.page('/oss-security/v2@vouched.example/'), /It overflows/);
});

test('a power cut between the posting and the decision: given again, nothing comes twice', async () => {
  const id = await here.post({ id: 'w@w.example', from: 'Wim <wim@w.example>', subject: 'libbar' });
  assert.equal((await here.pass(id)).kind, 'done');
  await here.query('DELETE FROM moderation_decisions WHERE mail = $1', [id]);
  await here.query(`UPDATE inbox SET state = 'held' WHERE id = $1`, [id]);
  assert.equal((await here.pass(id)).kind, 'done');
  assert.equal((await here.state(id)).state, 'done');
  const found = await here.query(`SELECT message_id FROM postings WHERE subject = 'libbar'`);
  assert.deepEqual(found, [{ message_id: '<w@w.example>' }]);
});

test('in a known author’s name, but vouched for by nobody: it waits again', async () => {
  const forged = await here.post({ id: 'f@evil.example', from: vera }, 'eve@evil.example');
  assert.deepEqual((await here.state(forged)).heldFor, ['author-not-vouched-for']);
  const twice = await here.post(
    { from: vera, header: ['From: Eve <eve@evil.example>'] },
    'v@vouched.example',
  );
  assert.ok((await here.state(twice)).heldFor.includes('no-single-author'));
});

test('a holiday note of a known author is no posting', async () => {
  const note = await here.post({ from: vera, header: ['Auto-Submitted: auto-replied'] });
  assert.deepEqual((await here.state(note)).heldFor, ['sent-by-a-program']);
});

test('more than a megabyte waits', async () => {
  const large = await here.post({ from: vera, text: 'It overflows.\n'.repeat(80_000) });
  assert.deepEqual((await here.state(large)).heldFor, ['too-large']);
});

test('what is refused is not shown, is kept with the reason, and can be passed no more', async () => {
  const id = await here.post({ id: 'spam@evil.example', from: 'Eve <eve@evil.example>', subject: 'Buy' });
  assert.equal((await here.decide(id, { kind: 'refuse', reason: 'advertising' })).kind, 'done');
  assert.deepEqual((await here.state(id)).state, 'refused');
  const [decision] = await here.query(
    'SELECT verdict, decided_by, reason FROM moderation_decisions WHERE mail = $1',
    [id],
  );
  assert.deepEqual(decision, { verdict: 'refused', decided_by: 'operator', reason: 'advertising' });
  const again = await here.pass(id);
  assert.deepEqual(again, { kind: 'refused', reason: 'It has been refused already.' });
  assert.doesNotMatch(await here.page('/oss-security/?q=buy'), /spam@evil/);
});

const privately: Readonly<Record<string, Parameters<PublicList['post']>[0]>> = {
  'names-a-private-address': { header: ['Cc: linux-distros@lists.example.org'] },
  'has-the-tag-of-reports': { subject: '[vs] libfoo' },
  'holds-openpgp': { text: '-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----' },
  'answers-a-private-message': {
    header: ['In-Reply-To: <3f1a8c52-0000-4000-8000-0123456789ab@lists.example.org>'],
  },
};

for (const [reason, mail] of Object.entries(privately)) {
  test(`U1: ${reason}: it waits also of a known author, and goes out by an explicit word alone`, async () => {
    const name = `${reason}@vouched.example`;
    const id = await here.post({ id: name, from: vera, ...mail });
    assert.deepEqual(await here.state(id), { state: 'held', heldFor: [reason] });
    const plain = await here.pass(id);
    assert.match(plain.kind === 'refused' ? plain.reason : '', /--publish-anyway/);
    assert.equal((await here.state(id)).state, 'held');
    assert.equal((await here.pass(id, true)).kind, 'done');
    assert.match(await here.page(`/oss-security/${name}/`), /Vera/);
  });
}
