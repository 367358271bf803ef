import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseReversePath } from './reverse-path.ts';

const taken = [
  `SRS1=Xy4z=forwarder.example==${'a'.repeat(80)}=HH=TT=origin.example=rita@relay.example`,
  '"rita r"@mail.example',
  '"rita@home"@mail.example',
  '"a\\"b"@mail.example',
  'bounce+list=member=mail.example@news_letters.example',
  'rita@[192.0.2.1]',
  '.rita.@mail.example',
];

for (const path of taken) {
  test(`a return path that servers do write is taken: ${path.slice(0, 40)}`, () => {
    assert.equal(parseReversePath(path), path);
  });
}

const refused = [
  '',
  'rita',
  '@mail.example',
  'rita@',
  'rita@evil.example@mail.example',
  'rita r@mail.example',
  '"rita@mail.example',
  '"a"b"@mail.example',
  '"a\r\nRCPT TO:<x@y>"@mail.example',
  '"a\\\n"@mail.example',
  '"a\u2028b"@mail.example',
  'rita@mail.example>\r\nDATA',
  'rita@mail .example',
  `${'r'.repeat(1_000)}@mail.example`,
];

for (const path of refused) {
  test(`what ends a line, or can be read in two ways, is none: ${JSON.stringify(path).slice(0, 40)}`, () => {
    assert.equal(parseReversePath(path), undefined);
  });
}

test('whatever passes stays on one line and has its domain after the last @', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const read = parseReversePath(text) ?? parseReversePath(`"${text}"@mail.example`);
      if (read !== undefined) assert.match(read, /^[^\p{Cc}\u2028\u2029]+@[^\s\p{Cc}<>"@]+$/u);
    }),
  );
});
