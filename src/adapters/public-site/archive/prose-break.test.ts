import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProseBreak } from './prose-break.ts';

const full = 'This patch series adds support for what a compiler calls a shadow';

test('prose that a mail program wrapped may be wrapped anew', () => {
  assert.equal(isProseBreak(full, 'stack, which protects return addresses.'), true);
});

test('a line that ended before it had to was meant to end', () => {
  assert.equal(isProseBreak('Thanks for the report.', 'It is fixed now.'), false);
  assert.equal(isProseBreak(full, ''), false);
});

test('lists, code, tables, trailers and quotes keep their lines', () => {
  for (const next of [
    '* a point',
    '- a point',
    '  int x',
    'if (x) { return; }',
    ' a.c | 5 +',
    '> quoted',
    'Signed-off-by: Ann <ann@x.example>',
    'name   version',
  ])
    assert.equal(isProseBreak(full, next), false, next);
  assert.equal(
    isProseBreak(' drivers/base/a-long-name-of-a-file-in-a-diffstat.c |  12 +++', 'and more'),
    false,
  );
});
