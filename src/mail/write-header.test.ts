import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAddress } from './address.ts';
import { readHeader } from './header-fields.ts';
import type { Mailbox } from './letter-head.ts';
import { readMessageIds } from './message-ids.ts';
import { readLetterHead } from './read-letter-head.ts';
import { encodeHeader, encodeMailboxes, foldReferences, HeaderFault } from './write-header.ts';

const read = (text: string) => {
  const raw = new TextEncoder().encode(`${text}\r\n`);
  const header = readHeader(raw, 0, raw.length);
  assert.ok(typeof header !== 'string');
  return readLetterHead(header.fields);
};
const mailbox = (name: string | undefined, address: string): Mailbox => {
  const parsed = parseAddress(address);
  assert.ok(parsed);
  return { name, address: parsed };
};

test('a line break or NUL in a value is refused, whoever sent it', () => {
  for (const value of ['x\r\nBcc: y', 'x\ny', 'x\ry', 'x\0y']) {
    assert.throws(() => encodeHeader('Subject', value), HeaderFault);
    assert.throws(() => encodeMailboxes('From', [mailbox(value, 'a@b.example')]), HeaderFault);
  }
  assert.throws(() => encodeHeader('Sub ject', 'x'), HeaderFault);
});

test('every subject comes back as it was, in lines of 78 and ASCII only', () => {
  const subject = fc
    .string({ unit: 'grapheme', maxLength: 200 })
    .map((text) => text.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim());
  fc.assert(
    fc.property(subject, (value) => {
      const line = encodeHeader('Subject', value);
      assert.match(line, /^[\x20-\x7e\r\n]*\r\n$/);
      assert.equal(read(line).subject, value);
      for (const piece of line.split('\r\n')) assert.ok(piece.length <= 78 || !piece.slice(10).includes(' '));
    }),
  );
});

test('names are quoted or encoded so that they stay names', () => {
  const written = encodeMailboxes('From', [
    mailbox('Evil, "x" <a@b.example> via linux-distros', 'l@lists.example.org'),
    mailbox('Jörg', 'j@b.example'),
    mailbox(undefined, 'n@b.example'),
  ]);
  assert.deepEqual(read(written).from, [
    mailbox('Evil, "x" <a@b.example> via linux-distros', 'l@lists.example.org'),
    mailbox('Jörg', 'j@b.example'),
    mailbox(undefined, 'n@b.example'),
  ]);
});

test('references keep every id whole, one a line', () => {
  const ids = readMessageIds('<one@x.example> <two@x.example> <three@x.example>');
  const written = foldReferences('References', ids);
  assert.deepEqual(read(written).references, ids);
  assert.equal(written.split('\r\n').length, 4);
});
