import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hono } from 'hono';
import { emptyArchive } from '../../../../test/stand-ins/archive-site.ts';
import { instantOf } from '../../../../test/stand-ins/postings.ts';
import { answer } from '../../html/serve-pages.ts';
import { answerKnown } from './answer-known.ts';

/** A site of one page, whose text and stamp a test may change; `made` counts how often the page was made. */
function onePage() {
  const page = { text: 'one', stamp: '1', made: 0 };
  const state = async () => ({
    postings: 1,
    changedAt: instantOf('2026-11-24T12:00:00Z'),
    stamp: page.stamp,
  });
  const site = new Hono();
  site.use('/:list/*', answerKnown({ ...emptyArchive(), state }));
  site.get('/:list/', (context) => {
    page.made += 1;
    return answer(context.req.raw, page.text, 'text/plain');
  });
  const get = (tag?: string, more: Readonly<Record<string, string>> = {}) =>
    site.request('http://site.example/oss-security/', {
      headers: { ...(tag === undefined ? {} : { 'if-none-match': tag }), ...more },
    });
  return { page, get };
}

test('a page that was compared once is not made again while nothing has changed', async () => {
  const { page, get } = onePage();
  const tag = (await get()).headers.get('etag') ?? '';
  assert.equal((await get(tag)).status, 304);
  assert.equal(page.made, 2);
  const known = await get(tag);
  assert.deepEqual([known.status, known.headers.get('etag'), page.made], [304, tag, 2]);
});

test('whatever changes the stamp, and any other form, tag or address, has the page made', async () => {
  const { page, get } = onePage();
  const tag = (await get()).headers.get('etag') ?? '';
  await get(tag);
  page.stamp = '2';
  page.text = 'two';
  assert.equal((await get(tag)).status, 200);
  page.text = 'one';
  assert.equal((await get(tag)).status, 304);
  assert.equal(page.made, 4);
  assert.equal((await get(tag, { accept: 'application/json' })).status, 304);
  assert.equal((await get(`W/${tag}`)).status, 304);
  assert.equal((await get(`"${'x'.repeat(27)}"`)).status, 200);
  assert.equal(page.made, 7);
});
