import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isWireSafe, stuffDots } from './wire-safe.ts';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

test('ASCII lines of at most 998 characters that end in CRLF are safe', () => {
  for (const text of ['', 'a', 'a\r\n', '\r\n\r\n', `${'x'.repeat(998)}\r\n${'y'.repeat(998)}`]) {
    assert.ok(isWireSafe(bytes(text)), JSON.stringify(text.slice(0, 20)));
  }
});

test('bare CR, bare LF, NUL, 8-bit bytes and longer lines are not', () => {
  for (const text of [
    'a\n',
    '\n',
    'a\rb',
    'a\r',
    'a\0b',
    'gr\xfcn',
    `${'x'.repeat(999)}\r\n`,
    'x'.repeat(999),
  ]) {
    assert.ok(!isWireSafe(bytes(text)), JSON.stringify(text.slice(0, 20)));
  }
});

test('dots at the beginning of lines are doubled, others stay, and a receiver gets back what was sent', () => {
  const stuffed = (text: string) => Buffer.from(stuffDots(bytes(text))).toString('latin1');
  assert.equal(stuffed('.\r\n.a.\r\nb.c\r\n..'), '..\r\n..a.\r\nb.c\r\n...');
  fc.assert(
    fc.property(fc.array(fc.constantFrom('.', 'a', '\r\n'), { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      const lines = stuffed(text).split('\r\n');
      assert.ok(!lines.includes('.'), 'no line ends the mail early');
      assert.equal(lines.map((line) => line.replace(/^\./, '')).join('\r\n'), text);
    }),
  );
});
