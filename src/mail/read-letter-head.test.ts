import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maximumMailboxes, readAddressList } from './address-list.ts';
import { decodeWords } from './encoded-words.ts';
import { readHeader } from './header-fields.ts';
import { readMailDate } from './mail-date.ts';
import { readMessageIds } from './message-ids.ts';
import { readLetterHead } from './read-letter-head.ts';

const head = (text: string) => {
  const raw = new TextEncoder().encode(text);
  const header = readHeader(raw, 0, raw.length);
  assert.ok(typeof header !== 'string');
  return readLetterHead(header.fields);
};
const addresses = (value: string) => readAddressList(value).map((one) => [one.name, one.address]);

test('an address in quotes or in a comment is nobody’s', () => {
  assert.deepEqual(addresses('"a@b.example" <c@d.example>'), [['a@b.example', 'c@d.example']]);
  assert.deepEqual(addresses('c@d.example (not <a@b.example>)'), [['not <a@b.example>', 'c@d.example']]);
  assert.deepEqual(addresses('"a@b.example, x" <c@d.example>, e@f.example'), [
    ['a@b.example, x', 'c@d.example'],
    [undefined, 'e@f.example'],
  ]);
});

test('an @ within a local part is refused, quoted or not: readers disagree whose address that is', () => {
  assert.deepEqual(addresses('"a@b.example"@c.example, "a@b.example", a@b.example@c.example, d@e.example'), [
    [undefined, 'd@e.example'],
  ]);
});

test('groups, routes, obsolete blanks, empty pieces, and names in any dress are read', () => {
  assert.deepEqual(addresses('Team: Ann <a@b.example>, c@d.example;, , <@r.example:e@f.example>'), [
    ['Ann', 'a@b.example'],
    [undefined, 'c@d.example'],
    [undefined, 'e@f.example'],
  ]);
  assert.deepEqual(addresses('undisclosed-recipients:;'), []);
  assert.deepEqual(addresses('John (Q.) Public <j . p @ b.example>'), [['John Public', 'j.p@b.example']]);
  assert.deepEqual(addresses('=?iso-8859-1?Q?Andr=E9?= Pirard <p@b.example>'), [
    ['André Pirard', 'p@b.example'],
  ]);
  assert.deepEqual(addresses('"=?UTF-8?B?w5xiZXI=?=" <u@b.example>'), [['Über', 'u@b.example']]);
  assert.deepEqual(addresses("'Quoted' <q@b.example>"), [['Quoted', 'q@b.example']]);
  assert.deepEqual(addresses('"open quote <a@b.example>'), []);
});

test('encoded words: split characters join, charsets lie, controls and line breaks never come through', () => {
  assert.equal(decodeWords('=?utf-8?B?w5w=?= =?utf-8?Q?ber?='), 'Über');
  assert.equal(decodeWords('=?utf-8?B?ww==?= =?utf-8?B?nA==?='), 'Ü');
  assert.equal(decodeWords('=?utf-8*de?Q?a_b?= c'), 'a b c');
  assert.equal(decodeWords('=?us-ascii?Q?=C3=9C?='), 'Ü');
  assert.equal(decodeWords('=?no-such?Q?=FC?='), 'ü');
  assert.equal(decodeWords('=?utf-8?Q?a=0D=0ABcc:_x?='), 'a Bcc: x');
  assert.equal(decodeWords('[vs]=?utf-8?Q?=C3=9C?='), '[vs]Ü');
  assert.equal(decodeWords('=?iso-2022-jp?B?GyRCRnxLXBsoQg==?='), '日本');
  assert.equal(decodeWords('=?broken'), '=?broken');
});

test('dates: RFC 5322, its obsolete forms, and what is none', () => {
  const at = (text: string) => Date.parse(text);
  assert.equal(readMailDate('Mon, 23 Nov 2026 20:00:01 +0100 (CET)'), at('2026-11-23T19:00:01Z'));
  assert.equal(readMailDate('23 Nov 26 20:00 EST'), at('2026-11-24T01:00:00Z'));
  assert.equal(readMailDate('Fri, 1 Jan 99 00:00:00 GMT'), at('1999-01-01T00:00:00Z'));
  for (const none of ['', 'yesterday', '99 Foo 2026 10:00', '40 Nov 2026 10:00:00', '1 Nov 2026 25:00:00']) {
    assert.equal(readMailDate(none), undefined);
  }
});

test('message ids: each once, in order, words between them skipped, a flood cut in the middle', () => {
  assert.deepEqual(readMessageIds('Your mail <a@b> of "x" <c@\n d> <a@b>'), ['<a@b>', '<c@d>']);
  const many = Array.from({ length: 1_000 }, (_, index) => `<${index}@x>`).join(' ');
  const read = readMessageIds(many);
  assert.equal(read.length, 200);
  assert.deepEqual([read[0], read.at(-1)], ['<0@x>', '<999@x>']);
});

test('a second From is seen and told; To may stand twice in real mail', () => {
  const read = head(
    'From: a@b.example\nFrom: c@d.example\nTo: e@f.example\nto: g@h.example\nSubject: =?utf-8?q?=5Bvs=5D?= x\n\n',
  );
  assert.deepEqual(
    read.from.map((one) => one.address),
    ['a@b.example', 'c@d.example'],
  );
  assert.deepEqual(read.repeated, ['from', 'to']);
  assert.equal(read.to.length, 2);
  assert.equal(read.subject, '[vs] x');
});

test('fields that tell of machines are read as one word', () => {
  const read = head(
    'Auto-Submitted: auto-replied; owner="x"\nPrecedence: Bulk (really)\nList-Id: <x.example>\n\n',
  );
  assert.deepEqual(
    [read.autoSubmitted, read.precedence, read.listId],
    ['auto-replied', 'bulk', '<x.example>'],
  );
  assert.ok(read.names.has('list-id'));
});

test('no header value makes reading throw or crawl', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (value) => {
      readAddressList(value);
      decodeWords(`=?utf-8?q?${value}?=`);
      readMailDate(value);
      readMessageIds(value);
    }),
  );
  for (const piece of [' ', '(', '"', '<', '\\', ',', '=?a?b?', 'a:', '@', '<@', '=?a?q?x?= ']) {
    const flood = piece.repeat(250_000 / piece.length);
    readAddressList(flood);
    decodeWords(flood);
    readMailDate(flood);
    readMessageIds(flood);
    head(`From: ${flood}\n\n`);
  }
});

test('however often To is repeated, it names no more people than one field may', () => {
  const field = `To: ${'a@b,'.repeat(60)}\n`;
  const bytes = new TextEncoder().encode(field.repeat(900));
  const header = readHeader(bytes, 0, bytes.length);
  assert.ok(typeof header === 'object');
  assert.equal(readLetterHead(header.fields).to.length, maximumMailboxes);
});
