import assert from 'node:assert/strict';
import { parseAddress } from '../../src/mail/address.ts';
import { maximumMailboxes } from '../../src/mail/address-list.ts';
import { readContentHeader } from '../../src/mail/content-header.ts';
import { decodeWords } from '../../src/mail/encoded-words.ts';
import {
  type HeaderField,
  maximumHeaderBytes,
  maximumHeaderFields,
  readHeader,
} from '../../src/mail/header-fields.ts';
import type { LetterHead } from '../../src/mail/letter-head.ts';
import { maximumReferences, parseMessageId } from '../../src/mail/message-ids.ts';
import { oneLine } from '../../src/mail/one-line.ts';
import { readLetterHead } from '../../src/mail/read-letter-head.ts';
import { encodeHeader, encodeMailboxes } from '../../src/mail/write-header.ts';
import { cleanMailboxes } from '../../src/message/file/filing.ts';
import { type Fuzzer, lineJoints } from './fuzzer.ts';

/**
 * The header reader: fields tile the header, each read by itself is itself; what is read from them is bounded, and no
 * name, subject or id brings a line break, a NUL or a turned direction into a field of ours.
 */
export const headerReader: Fuzzer = {
  name: 'header-reader',
  largest: 300_000,
  atOnce: 1,
  dictionary: [
    'From: ',
    'From : ',
    'From a@b.example Mon Nov 23 12:00:00 2026\r\n',
    '>From ',
    'To: ',
    'Cc: undisclosed-recipients:;',
    'Subject: =?utf-8?b?DQpCY2M6IGVAdmlsLmV4YW1wbGUNCg==?=\r\n',
    '=?utf-8?q?=0D=0ABcc:_evil=00?=',
    '=?utf-7?q?+AA0-?=',
    '=?utf-16le?b?DQAKAA==?=',
    '"quoted \\" <x@y.example>" <real@example.org>',
    'group: a@example.org, b@example.org;',
    '@route.example,@other.example:user@example.org',
    '<a@example.org> <b@example.org>',
    '(comment (nested) \\) )',
    'user@[192.0.2.1]',
    'us\u00e9r@example.org',
    'Message-ID: <',
    '<a@b> <c@d>',
    'Date: Mon, 23 Nov 2026 12:00:00 +0000\r\n',
    'Date: 31 Feb 99 25:61:61 +9999\r\n',
    'Auto-Submitted: auto-replied; x=y\r\n',
    '\r\n\t',
    '\r\n ',
    '\r \r',
    ':',
    ';',
    ',',
    "; name*0*=utf-8''%0D%0A; name*1*=%00; name*2=x",
  ],
  joints: (input) => lineJoints(input),
  start: async () => ({ check: async (input) => checkHeader(input), stop: async () => undefined }),
};

function checkHeader(raw: Uint8Array): void {
  const header = readHeader(raw, 0, raw.length);
  if (typeof header === 'string') {
    assert.ok(['header-too-large', 'too-many-fields'].includes(header));
    return;
  }
  const { fields, bodyStart } = header;
  assert.ok(bodyStart <= raw.length && fields.length <= maximumHeaderFields);
  assert.ok((fields.at(-1)?.end ?? 0) <= maximumHeaderBytes);
  for (const [index, field] of fields.entries()) checkField(raw, field, fields[index + 1]?.start);
  checkBlankLine(raw, fields.at(-1)?.end, bodyStart);
  checkHead(readLetterHead(fields));
}

function checkField(raw: Uint8Array, field: HeaderField, next: number | undefined): void {
  if (next !== undefined) assert.equal(field.end, next, 'fields tile the header');
  assert.equal(Buffer.compare(field.bytes, raw.subarray(field.start, field.end)), 0);
  assert.match(field.name, /^[\x21-\x39\x3b-\x7e]+$/);
  assert.equal(field.lowerName, field.name.toLowerCase());
  assert.doesNotMatch(field.value, /\n/);
  const alone = readHeader(field.bytes, 0, field.bytes.length);
  assert.ok(typeof alone === 'object' && alone.fields.length === 1, 'a field by itself is no field');
  assert.deepEqual([alone.fields[0]?.name, alone.fields[0]?.value], [field.name, field.value]);
  const { value, parameters } = readContentHeader(field.value);
  assert.ok(value.length <= field.value.length * 4 && parameters.size <= 100);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is what is checked
  assert.doesNotMatch(decodeWords(field.value), /[\x00-\x1f\x7f-\x9f\u2028\u2029]/);
}

function checkBlankLine(raw: Uint8Array, lastEnd: number | undefined, bodyStart: number): void {
  if (lastEnd === undefined) return;
  const between = Buffer.from(raw.subarray(lastEnd, bodyStart)).toString('latin1');
  assert.ok(['', '\n', '\r\n'].includes(between), 'between header and body is more than a blank line');
}

function checkHead(head: LetterHead): void {
  const { from, replyTo, to, cc, resentTo, sender } = head;
  for (const field of [from, replyTo, to, cc, resentTo]) {
    assert.ok(field.length <= maximumMailboxes, 'more people than the limit');
  }
  const people = [...from, ...replyTo, ...to, ...cc, ...resentTo, ...(sender ? [sender] : [])];
  for (const one of people.slice(0, 200)) {
    assert.equal(parseAddress(one.address), one.address, 'an address is none');
    checkOurs(encodeMailboxes('From', cleanMailboxes([one])));
  }
  assert.ok(head.subject.length <= 2_000);
  checkOurs(encodeHeader('Subject', oneLine(head.subject)));
  assert.ok(head.date === undefined || Number.isSafeInteger(head.date), 'a date is no instant');
  for (const ids of [head.inReplyTo, head.references]) {
    assert.ok(ids.length <= maximumReferences && new Set(ids).size === ids.length);
    for (const id of ids) assert.equal(parseMessageId(id), id);
  }
  assert.ok(head.repeated.every((name) => head.names.has(name)));
  assert.doesNotMatch(head.autoSubmitted ?? '', /\s/);
}

/** A stranger's words in a field that we write: one field, ASCII, no line longer than it may be. */
function checkOurs(written: string): void {
  const bytes = Buffer.from(written);
  const read = readHeader(bytes, 0, bytes.length);
  assert.ok(
    typeof read === 'object' && read.fields.length === 1,
    'a stranger’s words made a field of their own',
  );
  assert.match(written, /^(?:[^\p{Cc}]{0,998}\r\n)+$/u);
  assert.match(written.replaceAll(/<[^<>]*>/g, ''), /^[\x20-\x7e\r\n]*$/);
}
