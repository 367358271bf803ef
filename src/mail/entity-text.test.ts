import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeText } from './charset.ts';
import { readDeliveryStatus } from './delivery-status.ts';
import { authorText, unflow } from './entity-text.ts';
import { type Entity, splitEntity } from './split-entity.ts';
import { decodeBase64, decodeQuotedPrintable } from './transfer-encoding.ts';

function split(text: string): Entity {
  const result = splitEntity(new TextEncoder().encode(text));
  assert.ok(result.kind === 'entity');
  return result.entity;
}
const latin = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

test('the author’s text is the first inline text, never an attachment or a forwarded mail', () => {
  const root = split(
    'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment\n\nfile\n--b\nContent-Type: message/rfc822\n\n\nforwarded\n--b\n\nmine\n--b--',
  );
  assert.deepEqual(authorText(root), { kind: 'plain', text: 'mine' });
  const html = split(
    'Content-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\nContent-Type: text/html\n\n<p>x\n--b--',
  );
  assert.equal(authorText(html)?.kind, 'html');
  assert.equal(authorText(split('Content-Type: image/png\n\nx')), undefined);
});

test('copies of the protected header in the text are not the author’s text (RFC 9788, Enigmail)', () => {
  const legacy = split(
    'Content-Type: text/plain; hp-legacy-display=1; hp="cipher"\n\nSubject: x\n\nreal text',
  );
  assert.equal(authorText(legacy)?.text, 'real text');
  const enigmail = split(
    'Content-Type: multipart/mixed; boundary=b; protected-headers="v1"\nSubject: x\n\n--b\nContent-Type: text/plain; protected-headers="v1"\n\nSubject: x\n--b\n\nreal text\n--b--',
  );
  assert.equal(authorText(enigmail)?.text, 'real text');
  const mutt = split('Content-Type: text/plain; protected-headers="v1"\nSubject: x\n\nonly text');
  assert.equal(authorText(mutt)?.text, 'only text');
});

test('flowed text is joined within one quote depth, and a signature line stays (RFC 3676)', () => {
  assert.equal(unflow('one \ntwo\n> a \n> b\n-- \nme', false), 'one two\n> a b\n-- \nme');
  assert.equal(unflow('schnell \nes', true), 'schnelles');
});

test('base64 and quoted-printable are read as broken mail writes them', () => {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.equal(text(decodeBase64(latin('aGVs\r\n bG8=\n!d29ybGQ'))), 'helloworld');
  assert.equal(text(decodeQuotedPrintable(latin('a=3Db=\r\nc=\nd =20 \r\n=ZZ=4'))), 'a=bcd  \r\n=ZZ=4');
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.deepEqual(decodeBase64(latin(Buffer.from(bytes).toString('base64'))), bytes);
      decodeQuotedPrintable(bytes);
    }),
  );
});

test('charsets: known, unknown, lying and nonsense ones all give text', () => {
  assert.equal(decodeText(latin('\xc4\xd6'), 'ISO-8859-1'), 'ÄÖ');
  assert.equal(decodeText(latin('\xc3\x84'), 'us-ascii'), 'Ä');
  assert.equal(decodeText(latin('\xf0\xd2'), 'KOI8-R'), 'Пр');
  assert.equal(decodeText(latin('\x93\xfa'), 'cp932'), '日');
  for (const charset of ['', 'utf-7', 'x-nonsense', '\0', 'replacement'])
    assert.equal(decodeText(latin('a'), charset), 'a');
});

test('a delivery report is known by its structure, and only by that', () => {
  const report = split(
    'Subject: x\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nsorry\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; alice@member.example\nAction: failed\nStatus: 5.1.1 (gone)\n\nOriginal-Recipient: rfc822;<bob@member.example>\nAction: Delayed\n\n--b--',
  );
  assert.deepEqual(readDeliveryStatus(report), [
    { recipient: 'alice@member.example', action: 'failed', status: '5.1.1' },
    { recipient: 'bob@member.example', action: 'delayed', status: undefined },
  ]);
  assert.equal(
    readDeliveryStatus(split('Subject: returned mail parser RCE\n\nMail delivery failed')),
    undefined,
  );
});
