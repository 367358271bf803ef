import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { printConfigurationGuide } from '../config/print-configuration.ts';
import { printCommandGuide } from './print-command-guide.ts';

const docs = join(import.meta.dirname, '../../../docs');

/** `PRINT_DOCS=1 node --test …` writes the pages instead. */
function isAsPrinted(file: string, printed: string): void {
  if (process.env.PRINT_DOCS === '1') writeFileSync(join(docs, file), printed);
  const message = `docs/${file} is not what the code prints: run this test with PRINT_DOCS=1`;
  assert.equal(readFileSync(join(docs, file), 'utf8'), printed, message);
}

test('docs/cli.md is what the commands say of themselves', () => {
  isAsPrinted('cli.md', printCommandGuide());
});

test('docs/config.md is what the keys say of themselves', () => {
  isAsPrinted('config.md', printConfigurationGuide());
});
