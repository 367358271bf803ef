import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { domainOf, localPart, parseAddress, sameMailbox } from './address.ts';

test('the domain is written small, the local part stays as its owner wrote it', () => {
  const read = parseAddress('Rita.Reporter@Mail.EXAMPLE');
  assert.equal(read, 'Rita.Reporter@mail.example');
  assert.equal(read && localPart(read), 'Rita.Reporter');
  assert.equal(read && domainOf(read), 'mail.example');
});

test('case does not make two mailboxes of one', () => {
  const left = parseAddress('Rita@mail.example');
  const right = parseAddress('rita@mail.example');
  assert.ok(left && right && sameMailbox(left, right));
});

test('an address in two parts only: a second @ could send mail elsewhere than we check', () => {
  assert.equal(parseAddress('rita@evil.example@mail.example'), undefined);
});

test('what could end a line, a field or a path never passes', () => {
  const hostile = [
    '\r',
    '\n',
    '\0',
    ' ',
    '\t',
    '<',
    '>',
    '(',
    ')',
    ',',
    ';',
    ':',
    '"',
    '\\',
    '\u0085',
    '\u2028',
    '\u00a0',
  ];
  for (const character of hostile) {
    assert.equal(parseAddress(`ri${character}ta@mail.example`), undefined, JSON.stringify(character));
    assert.equal(parseAddress(`rita@mail${character}.example`), undefined, JSON.stringify(character));
  }
});

test('nonsense is no address', () => {
  for (const text of [
    '',
    '@',
    'rita',
    'rita@',
    '@mail.example',
    '.rita@mail.example',
    'rita@-mail.example',
  ]) {
    assert.equal(parseAddress(text), undefined, text);
  }
  assert.equal(parseAddress(`${'r'.repeat(65)}@mail.example`), undefined);
  assert.equal(parseAddress(`rita@${'m'.repeat(250)}.example`), undefined);
});

test('whatever passes is one word of one line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const read = parseAddress(text) ?? parseAddress(`${text}@mail.example`);
      if (read !== undefined) assert.match(read, /^[^\s\p{Cc}<>"@]+@[^\s\p{Cc}<>"@]+$/u);
    }),
  );
});
