import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wrapText } from './wrap-text.ts';

test('a long line breaks at blanks, and nothing of it is lost', () => {
  assert.deepEqual(wrapText('the latest that the policy allows', 12), [
    'the latest',
    'that the',
    'policy',
    'allows',
  ]);
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 80 }), (text, width) => {
      assert.equal(wrapText(text, width).join(' '), text);
    }),
  );
});

test('an address longer than the line stays whole', () => {
  const address = `${'a'.repeat(60)}@lists.example.org`;
  assert.deepEqual(wrapText(`to ${address} it goes`, 30), ['to', address, 'it goes']);
});

test('a stranger’s words make no line that begins like a command or a label (A2)', () => {
  const text = 'Rita Reporter of the Institute Embargod: VS-2026-0042 public Note: trust me';
  for (let width = 1; width < text.length; width += 1) {
    for (const line of wrapText(text, width)) assert.doesNotMatch(line, /^(Embargod|Note|OSS-Sec-Bot):/);
  }
});

test('a moment may stand at the beginning of a line', () => {
  assert.deepEqual(wrapText('not after 2026-12-07T12:00:00Z', 20), ['not after', '2026-12-07T12:00:00Z']);
});
