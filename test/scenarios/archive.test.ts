import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { splitMbox } from '../../src/publication/archive/split-mbox.ts';
import { type ArchiveSite, archiveSite } from '../stand-ins/archive-site.ts';
import { postingMail } from '../stand-ins/postings.ts';

/** What is posted can be read: as a page, a thread, a day, a feed, JSON, raw, a mailbox, and found by a search. */
let site: ArchiveSite;
const first = {
  id: 'a@x.example',
  subject: 'CVE-2026-1234: libfoo overflow',
  text: 'See https://foo.example/fix.',
};
const answer = {
  id: 'b@suse.example',
  from: 'Bob <bob@suse.example>',
  subject: 'Re: CVE-2026-1234: libfoo overflow',
  answers: ['a@x.example'],
  text: '> See https://foo.example/fix.\n\nThanks.\n\n-- \nBob',
};

before(async () => {
  site = await archiveSite();
  await site.post('2026-08-24T10:00:00Z', first);
  await site.post('2026-08-25T11:00:00Z', answer);
});
after(() => site.close());

test('the front names the thread, and leads to its first posting', async () => {
  const front = await site.text('/oss-security/');
  assert.match(
    front,
    /href="\/oss-security\/a@x\.example\/">CVE-2026-1234: libfoo overflow<\/a> <span class="by">Ann<\/span>\s+<span class="count">2<span/,
  );
  assert.equal((await site.get('/oss-security')).headers.get('location'), '/oss-security/');
});

test('a posting has its page: author, instant, text, links, and its thread', async () => {
  const page = await site.text('/oss-security/b@suse.example/');
  assert.match(page, /href="\/oss-security\/b@suse\.example\/author\/">Bob<\/a>/);
  assert.match(page, /2026-08-25T11:00:00Z/);
  assert.match(page, /href="https:\/\/foo\.example\/fix" rel="nofollow noreferrer"/);
  assert.match(page, /rel="prev" href="\/oss-security\/a@x\.example\/"/);
  assert.doesNotMatch(page, /bob@suse\.example\W*&lt;|>bob@suse/);
});

test('its short address leads there for ever; a day that is none leads nowhere', async () => {
  const short = await site.get('/oss-security/2026/08/24/1');
  assert.deepEqual([short.status, short.headers.get('location')], [301, '/oss-security/a@x.example/']);
  for (const path of ['/oss-security/2026/08/24/2', '/oss-security/2026/02/30/1', '/oss-security/2026/13/'])
    assert.equal((await site.get(path)).status, 404, path);
});

test('year, month and day list what was posted then', async () => {
  assert.match(await site.text('/oss-security/2026/'), /libfoo[\s\S]*libfoo/);
  assert.doesNotMatch(await site.text('/oss-security/2026/08/25/'), />CVE-2026/);
  assert.match(await site.text('/oss-security/2025/'), /Nothing was posted then/);
});

test('the raw mail is what was sent, byte for byte; a thread is a mailbox', async () => {
  const raw = await site.get('/oss-security/a@x.example/raw');
  assert.equal(raw.headers.get('content-type'), 'text/plain; charset=utf-8');
  assert.deepEqual(Buffer.from(await raw.arrayBuffer()), postingMail(first));
  const mailbox = await site.get('/oss-security/a@x.example/t.mbox.gz');
  const text = gunzipSync(Buffer.from(await mailbox.arrayBuffer())).toString();
  assert.equal(text.match(/^From mboxrd@z (Mon|Tue) Aug 2[45] 1\d:00:00 2026$/gm)?.length, 2);
});

test('flat and nested, a thread is read on one page', async () => {
  for (const shape of ['t', 'T'])
    assert.match(await site.text(`/oss-security/b@suse.example/${shape}/`), /fix[\s\S]*Thanks/);
});

test('a search finds it, and so do the page and the feed of its CVE id', async () => {
  assert.match(
    await site.text('/oss-security/?q=libfoo+from:bob'),
    /href="\/oss-security\/b@suse\.example\/"/,
  );
  assert.match(await site.text('/oss-security/?q=nothing+of+this'), /Nothing was found/);
  assert.match(await site.text('/cve/CVE-2026-1234/'), /First seen here 2026-08-24, in 2 postings/);
  assert.match(
    await site.text('/cve/CVE-2026-1234/new.atom'),
    /<entry>[\s\S]*<title>CVE-2026-1234: libfoo overflow/,
  );
});

test('what its author wrote besides is found by the posting: no mail address is in the path', async () => {
  await site.post('2026-08-26T10:00:00Z', { id: 'c@x.example', subject: 'another flaw' });
  const page = await site.text('/oss-security/a@x.example/author/');
  assert.match(page, /another flaw[\s\S]*libfoo/);
  assert.doesNotMatch(page, /Bob|ann@researcher/);
});

test('a feed is Atom, the newest first, with addresses that do not move', async () => {
  const feed = await site.get('/oss-security/new.atom');
  const text = await feed.text();
  assert.match(feed.headers.get('content-type') ?? '', /^application\/atom\+xml/);
  assert.match(
    text,
    /<id>https:\/\/lists\.example\.org\/oss-security\/b@suse\.example\/<\/id>[\s\S]*a@x\.example\/<\/id>/,
  );
});

test('who asks for JSON gets it, and who has the page already is told so', async () => {
  const json = await site.get('/oss-security/a@x.example/', { accept: 'application/json' });
  const posting = await json.text();
  assert.match(posting, /"messageId":"<a@x\.example>".*"postedAt":"2026-08-24T10:00:00Z"/);
  for (const path of [
    '/oss-security/',
    '/oss-security/a@x.example/',
    '/oss-security/a@x.example/raw',
    '/oss-security/new.atom',
    '/oss-security/?q=libfoo',
  ]) {
    const etag = (await site.get(path)).headers.get('etag') ?? '';
    assert.equal((await site.get(path, { 'if-none-match': etag })).status, 304, path);
  }
});

test('a thread’s mailbox file is read back as the mails that went in, whatever their lines begin with', async () => {
  const odd = {
    id: 'odd@x.example',
    answers: ['odd@x.example'],
    text: 'From here\n>From there\n\nFrom a@x Mon Aug 24 10:00:00 2026',
  };
  await site.post('2026-09-01T10:00:00Z', odd);
  const mailbox = await site.get('/oss-security/odd@x.example/t.mbox.gz');
  const bytes = gunzipSync(Buffer.from(await mailbox.arrayBuffer()));
  const chunks = (async function* () {
    yield bytes;
  })();
  const found: string[] = [];
  for await (const item of splitMbox(chunks))
    found.push(item.kind === 'mail' ? Buffer.from(item.raw).toString() : item.kind);
  assert.deepEqual(found, [postingMail(odd).toString()]);
});

test('a list in JSON says where it goes on, or that it does not', async () => {
  for (const path of ['/oss-security/', '/oss-security/?q=libfoo'])
    assert.match(await (await site.get(path, { accept: 'application/json' })).text(), /"next":null/, path);
});

test('what is not there is not found', async () => {
  for (const path of [
    '/other/',
    '/oss-security/no@where.example/',
    '/oss-security/no@where.example/raw',
    '/cve/x/',
    '/oss-security/a@x.example/9-part',
  ])
    assert.equal((await site.get(path)).status, 404, path);
});
