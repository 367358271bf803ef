import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textBlocks } from './text-blocks.ts';

test('quote, text, patch and signature are told apart, and no line is lost', () => {
  const text = '> asked\nsaid\ndiff --git a/x b/x\n@@ -1 +1 @@\n-a\n+b\n-- \nAnn\n';
  const blocks = textBlocks(text);
  assert.deepEqual(
    blocks.map(({ kind }) => kind),
    ['quote', 'text', 'patch', 'signature'],
  );
  assert.equal(`${blocks.flatMap(({ lines }) => lines).join('\n')}\n`, text);
});

test('a megabyte of line breaks before a last letter is read in one go', () => {
  const [block, ...others] = textBlocks(`${'\n'.repeat(1024 * 1024)}x\n\n`);
  assert.deepEqual([block?.lines.length, block?.lines.at(-1), others], [1024 * 1024 + 1, 'x', []]);
});
