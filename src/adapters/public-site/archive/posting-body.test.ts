import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Posting } from '../../../publication/archive/posting.ts';
import { instantFromMilliseconds } from '../../../time/instant.ts';
import { postingBody } from './posting-body.ts';

function posting(...texts: readonly string[]): Posting {
  return {
    list: 'oss-security',
    number: 1,
    id: '<a@x.example>' as Posting['id'],
    postedAt: instantFromMilliseconds(0),
    day: '1970-01-01',
    dayNumber: 1,
    thread: 1,
    subject: 's',
    authorName: undefined,
    authorAddress: undefined,
    answers: [],
    hasPatch: false,
    size: 1,
    parts: texts.map((text, at) => ({
      number: at,
      type: 'text/plain',
      name: undefined,
      size: text.length,
      text,
      fromHtml: false,
    })),
  };
}

const long = Array.from({ length: 10_000 }, (_, at) => `line ${at}\n`).join('');

test('a long posting is cut at the end of a line, and its page stays below 50 KB', async () => {
  const body = String(await postingBody(posting(long, 'the next part')));
  assert.ok(body.length < 40_000);
  assert.match(body, /\nline \d+\n+<\/pre><p class="rest"><a href="\/oss-security\/a@x\.example\/\?whole">/);
  assert.doesNotMatch(body, /the next part/);
});

test('asked for the whole, it shows the whole', async () => {
  const body = String(await postingBody(posting(long, 'the next part'), true));
  assert.match(body, /line 9999\n[\s\S]*the next part/);
  assert.doesNotMatch(body, /whole/);
});

test('a line without an end is cut, and no character in two', async () => {
  const body = String(await postingBody(posting(`x${'😀'.repeat(20_000)}`)));
  assert.ok(body.isWellFormed());
  assert.match(body, /class="rest"/);
});

test('a posting that fits is not said to be more', async () => {
  assert.doesNotMatch(String(await postingBody(posting('short', 'and another'))), /rest/);
});
