import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instanceName, readInstanceName } from './instance-name.ts';

test('one alone is named after its machine, one of several says which it is and how many there are', () => {
  assert.equal(instanceName('vs1', { number: 1, of: 1 }), 'vs1');
  assert.equal(instanceName('vs1', { number: 2, of: 3 }), 'vs1--2-of-3');
});

test('a name is read as it was made; a machine that is called mail-2 is nobody’s second', () => {
  const sibling = { number: 2, of: 16 };
  assert.deepEqual(readInstanceName(instanceName('vs1', sibling)), { machine: 'vs1', sibling });
  assert.deepEqual(readInstanceName('mail-2'), { machine: 'mail-2', sibling: { number: 1, of: 1 } });
});

test('the name of a machine with a long name still fits its column', () => {
  const name = instanceName('m'.repeat(63), { number: 2, of: 2 });
  assert.match(name, /^[a-z0-9-]{1,63}$/);
  assert.deepEqual(readInstanceName(name).sibling, { number: 2, of: 2 });
});
