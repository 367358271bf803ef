import assert from 'node:assert/strict';
import { test } from 'node:test';
import { armourCharset, findArmour } from './find-armour.ts';

const block = (text: string) => `-----BEGIN PGP MESSAGE-----\n\n${text}\n-----END PGP MESSAGE-----\n`;

test('blocks are found with blanks before them; text around them is kept apart', () => {
  const found = findArmour(`Hello\n  ${block('one')}between\n${block('two')}\nbye`, 'MESSAGE');
  assert.deepEqual(
    found.blocks.map((text) => text.includes('one')),
    [true, false],
  );
  assert.equal(found.around, 'Hello\nbetween\n\nbye');
});

test('quoted armour and armour named within a line are text', () => {
  for (const text of [block('x').replace(/^/gm, '> '), 'see -----BEGIN PGP MESSAGE----- there']) {
    assert.deepEqual(findArmour(text, 'MESSAGE').blocks, []);
  }
});

test('a block that was cut runs to the end', () => {
  assert.equal(findArmour('-----BEGIN PGP MESSAGE-----\n\nabc', 'MESSAGE').blocks.length, 1);
});

test('a flood of BEGIN lines ends', () => {
  const flood = '-----BEGIN PGP MESSAGE-----\n'.repeat(100_000);
  assert.equal(findArmour(flood, 'MESSAGE').blocks.length, 1);
  assert.equal(findArmour(`x${flood.replaceAll('\n', ' ')}`, 'MESSAGE').blocks.length, 0);
});

test('the charset that old programs write into the armour is read, and only there', () => {
  assert.equal(armourCharset('-----BEGIN PGP MESSAGE-----\nCharset: koi8-r\n\nabc'), 'koi8-r');
  assert.equal(armourCharset('-----BEGIN PGP MESSAGE-----\n\nCharset: koi8-r'), undefined);
});

test('a flood of line ends that only Unicode knows ends, too', () => {
  assert.equal(armourCharset(`-----BEGIN PGP MESSAGE-----\n${'\u2028'.repeat(1_000_000)}x`), undefined);
});
