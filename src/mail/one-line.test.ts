import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { oneLine } from './one-line.ts';

test('no text of a stranger ends our line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(oneLine(`a${text}b`), /[\r\n\0\v\f\u0085\u2028\u2029]/);
    }),
  );
});

test('no text of a stranger turns around what we write beside it', () => {
  for (const turning of ['\u202e', '\u2066', '\u200f', '\u061c']) {
    assert.equal(oneLine(`good${turning}dab`), 'good dab', JSON.stringify(turning));
  }
});

test('a very long text is cut, visibly, and never within a character', () => {
  const cut = oneLine(`${'a'.repeat(899)}😀${'b'.repeat(100)}`);
  assert.ok(cut.length < 910);
  assert.match(cut, / …$/);
  assert.ok(cut.isWellFormed());
});

test('ordinary text stays as it is', () => {
  assert.equal(oneLine('[vs] Grüße: über 9 % — 脆弱性'), '[vs] Grüße: über 9 % — 脆弱性');
});
