import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type DatabasePair, databasePair } from '../../../../test/stand-ins/database-pair.ts';
import { instantOf, newPosting, type PostingMail, postingMail } from '../../../../test/stand-ins/postings.ts';
import type { MessageId } from '../../../mail/letter-head.ts';
import { readSearchQuery } from '../../../publication/archive/search-query.ts';
import {
  type OpenArchiveReader,
  type OpenArchiveWriter,
  openArchiveReader,
  openArchiveWriter,
} from './open-archive.ts';

let pair: DatabasePair;
let writer: OpenArchiveWriter;
let reader: OpenArchiveReader;
let lists = 0;
const now = instantOf('2026-11-24T12:00:00Z');

before(async () => {
  pair = await databasePair();
  writer = openArchiveWriter(pair.as('public_keeper', 'public'));
  reader = openArchiveReader(pair.as('public_site', 'public'));
});
after(async () => {
  await Promise.all([writer.close(), reader.close()]);
  await pair.drop();
});

/** A list of its own for each test, and what is posted to it. */
function freshList() {
  lists += 1;
  const list = `list-${lists}`;
  const post = async (at: string, mail: PostingMail) => {
    const [taken] = await writer.add(list, [await newPosting(list, at, mail)], now);
    return taken?.kind;
  };
  const find = async (text: string, limit = 10) =>
    (
      await reader.search(list, readSearchQuery(text), { limit, order: 'newest', after: undefined })
    ).postings.map(({ id }) => id.slice(1, -1));
  const thread = async (id: string) => (await reader.posting(list, `<${id}>` as MessageId))?.thread ?? 0;
  return { list, post, find, thread };
}

test('a posting is kept byte for byte, shown, counted, and has its short address', async () => {
  const { list, post } = freshList();
  const mail = { id: 'a@x.example', subject: 'CVE-2026-1234: a flaw', text: 'It overflows: \0.' };
  assert.equal(await post('2026-08-24T10:00:00Z', mail), 'added');
  assert.equal(await post('2026-08-24T09:00:00Z', { id: 'b@x.example' }), 'added');
  const posting = await reader.posting(list, '<a@x.example>' as MessageId);
  assert.ok(posting);
  assert.deepEqual([posting.day, posting.dayNumber, posting.subject], ['2026-08-24', 1, mail.subject]);
  assert.match(posting.parts[0]?.text ?? '', /It overflows: \0\./);
  assert.deepEqual(await reader.raw(posting.number), postingMail(mail));
  assert.equal((await reader.postingOfDay(list, '2026-08-24', 2))?.id, '<b@x.example>');
  assert.equal((await reader.state(list))?.postings, 2);
  assert.deepEqual(await reader.months(list), [{ month: '2026-08', postings: 2 }]);
});

test('the same posting by another way is known; another under its Message-ID is kept under a made-up one', async () => {
  const { list, post } = freshList();
  const header = (hop: string) => [`Received: by ${hop}.example; Mon, 24 Aug 2026 10:00:00 +0000`];
  await post('2026-08-24T10:00:00Z', { id: 'a@x.example', header: header('one') });
  assert.equal(await post('2026-08-25T10:00:00Z', { id: 'a@x.example', header: header('two') }), 'known');
  const other = { id: 'a@x.example', text: 'Something else.' };
  assert.equal(await post('2026-08-25T10:00:00Z', other), 'renamed');
  assert.equal(await post('2026-08-25T10:00:00Z', other), 'known');
  assert.equal(await post('2026-08-25T10:00:00Z', { text: 'No id.' }), 'added');
  assert.equal((await reader.state(list))?.postings, 3);
});

test('an answer is of the thread that it answers, also when its parent is missing or comes later', async () => {
  const { list, post, thread } = freshList();
  await post('2026-08-03T00:00:00Z', {
    id: 'c@x.example',
    answers: ['a@x.example', 'b@x.example'],
    subject: 'Re: c',
  });
  await post('2026-08-04T00:00:00Z', { id: 'd@x.example', answers: ['b@x.example'] });
  await post('2026-08-05T00:00:00Z', { id: 'z@x.example', subject: 'apart' });
  assert.equal(await thread('c@x.example'), await thread('d@x.example'));
  assert.notEqual(await thread('c@x.example'), await thread('z@x.example'));
  await post('2026-08-01T00:00:00Z', { id: 'a@x.example', subject: 'the first' });
  const [, line] = await reader.threads(list, 10);
  assert.deepEqual(
    [line?.subject, line?.postings, line?.startedAt],
    ['the first', 3, instantOf('2026-08-01T00:00:00Z')],
  );
});

test('a late posting that answers into two threads makes them one', async () => {
  const { list, post, thread } = freshList();
  await post('2026-08-01T00:00:00Z', { id: 'a@x.example', subject: 'a' });
  await post('2026-08-02T00:00:00Z', { id: 'b@x.example', subject: 'b' });
  await post('2026-08-03T00:00:00Z', { id: 'c@x.example', answers: ['a@x.example', 'b@x.example'] });
  assert.deepEqual(
    await Promise.all(['a', 'b', 'c'].map((name) => thread(`${name}@x.example`))),
    Array(3).fill(await thread('a@x.example')),
  );
  const threads = await reader.threads(list, 10);
  assert.deepEqual(
    threads.map(({ subject, postings }) => [subject, postings]),
    [['a', 3]],
  );
  await post('2026-08-04T00:00:00Z', { id: 'd@x.example', answers: ['b@x.example'] });
  assert.equal((await reader.thread(await thread('a@x.example'))).length, 4);
});

test('a search finds words, phrases, beginnings, fields and marks, the newest first', async () => {
  const { post, find } = freshList();
  await post('2024-01-05T00:00:00Z', {
    id: 'old',
    subject: 'use after free in skb_clone',
    text: 'net/ipv4/tcp.c',
  });
  await post('2026-08-01T00:00:00Z', {
    id: 'mid',
    from: 'Bob Bär <bob@suse.example>',
    text: 'after all, use it. CVE-2026-1234',
  });
  await post('2026-08-24T00:00:00Z', {
    id: 'new',
    text: 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b',
  });
  const cases: Readonly<Record<string, readonly string[]>> = {
    'use after': ['mid', 'old'],
    '"use after"': ['old'],
    'ipv4/tcp.c': ['old'],
    'skb_c*': ['old'],
    'subject:free': ['old'],
    'from:bär': ['mid'],
    'from:bob@suse.example': ['mid'],
    'cve:2026-1234': ['mid'],
    'has:patch': ['new'],
    '-has:patch -free': ['mid'],
    'use before:2026': ['old'],
    'month:2026-08': ['new', 'mid'],
    'after -"use after"': ['mid'],
    '-"use after"': ['new', 'mid'],
    'overflows "no such"': [],
    "it's 'quoted' \\ & | ! ( <-> :*": [],
  };
  for (const [text, ids] of Object.entries(cases)) assert.deepEqual(await find(text), ids, text);
});

test('pages of a search follow each other without a gap, over months and stretches', async () => {
  const { list, post } = freshList();
  for (let at = 0; at < 25; at += 1) {
    const month = String((at % 12) + 1).padStart(2, '0');
    await post(`20${10 + (at % 7)}-${month}-01T00:00:00Z`, {
      id: `m${at}`,
      text: `common ${at % 5 === 0 ? 'rare' : ''}`,
    });
  }
  for (const text of ['common', 'rare']) {
    const seen: string[] = [];
    let after: Parameters<OpenArchiveReader['search']>[2]['after'];
    do {
      const page = await reader.search(list, readSearchQuery(text), { limit: 4, order: 'newest', after });
      seen.push(...page.postings.map(({ id }) => id));
      after = page.next;
    } while (after);
    assert.equal(new Set(seen).size, text === 'common' ? 25 : 5);
    assert.equal(seen.length, new Set(seen).size);
  }
});

test('a phrase of words that all have: a page reads a thousand postings, and says where the next one goes on', async () => {
  const { list, post } = freshList();
  await post('2010-01-01T00:00:00Z', { id: 'old', text: 'alpha beta' });
  const mails = Array.from({ length: 1_100 }, (_, at) =>
    newPosting(list, `2026-08-${String((at % 28) + 1).padStart(2, '0')}T00:00:00Z`, {
      id: `m${at}`,
      text: `beta alpha ${at}`,
    }),
  );
  await writer.add(list, await Promise.all(mails), now);
  const asked = readSearchQuery('"alpha beta"');
  const first = await reader.search(list, asked, { limit: 5, order: 'newest', after: undefined });
  assert.deepEqual(first.postings, []);
  assert.ok(first.next);
  const second = await reader.search(list, asked, { limit: 5, order: 'newest', after: first.next });
  assert.deepEqual(
    second.postings.map(({ id }) => id),
    ['<old>'],
  );
  assert.equal(second.next, undefined);
});

test('asked by rank, what fits best comes first', async () => {
  const { list, post } = freshList();
  await post('2026-08-01T00:00:00Z', {
    id: 'best',
    subject: 'heap overflow',
    text: 'heap overflow, heap overflow',
  });
  await post('2026-08-02T00:00:00Z', { id: 'some', text: `heap ${'and much else '.repeat(50)} overflow` });
  const { postings } = await reader.search(list, readSearchQuery('heap overflow'), {
    limit: 5,
    order: 'rank',
    after: undefined,
  });
  assert.deepEqual(
    postings.map(({ id }) => id),
    ['<best>', '<some>'],
  );
});

test('two writers number a day together, and neither loses a posting', async () => {
  const { list } = freshList();
  const other = openArchiveWriter(pair.as('public_keeper', 'public'));
  const batches = Array.from({ length: 10 }, async (_, at) => {
    const posting = await newPosting(list, '2026-08-24T10:00:00Z', { id: `p${at}`, answers: ['root'] });
    return (at % 2 === 0 ? writer : other).add(list, [posting], now);
  });
  await Promise.all(batches);
  await other.close();
  const lines = await reader.newest(list, 20);
  assert.deepEqual(
    lines.map(({ dayNumber }) => dayNumber).sort((a, b) => a - b),
    Array.from({ length: 10 }, (_, at) => at + 1),
  );
  assert.equal(new Set(lines.map(({ thread }) => thread)).size, 1);
});
