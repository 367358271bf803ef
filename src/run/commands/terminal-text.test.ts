import assert from 'node:assert/strict';
import { test } from 'node:test';
import { table } from './table.ts';
import { terminalJson, terminalText } from './terminal-text.ts';

const orders = '\u001b]0;owned\u0007\u001b[2J\u009b1m\u202egpj';

test('no order to a terminal comes out of ours, whoever wrote it', () => {
  assert.equal(terminalText(`a\n${orders}`), 'a\n\ufffd]0;owned\ufffd\ufffd[2J\ufffd1m\ufffdgpj');
  const json = terminalJson({ reason: orders });
  assert.match(json, /^[ -~]*$/);
  assert.deepEqual(JSON.parse(json), { reason: orders });
});

test('a cell of a table is one line', () => {
  assert.deepEqual(table(['reason'], [{ reason: 'a\nOK  all is well' }]), [
    'REASON',
    'a\ufffdOK  all is well',
  ]);
});
