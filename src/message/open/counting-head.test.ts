import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Entity, splitEntity } from '../../mail/split-entity.ts';
import { countingHead } from './counting-head.ts';

function split(text: string): Entity {
  const result = splitEntity(new TextEncoder().encode(text));
  assert.ok(result.kind === 'entity');
  return result.entity;
}

const outer = split(
  'From: outer@x.example\nTo: list@x.example\nSubject: ...\nReceived: here\nMessage-ID: <outer@x>\n\n',
);

function subjectOf(payload: string, options = { encrypted: true, valid: false }): string {
  return headOf(payload, options).subject;
}

function headOf(payload: string, options = { encrypted: true, valid: false }) {
  return countingHead({
    outerFields: outer.fields,
    payload: split(payload),
    encrypted: options.encrypted,
    valid: options.valid,
  });
}

const plain = 'text/plain; charset=utf-8';

const shapes: Readonly<Record<string, string>> = {
  'RFC 9788, hp="cipher"': `Content-Type: ${plain}; hp="cipher"\nSubject: real\nHP-Outer: Subject: ...\n\nx`,
  'its forerunner on a multipart': `Content-Type: multipart/mixed; boundary=b; protected-headers="v1"\nSubject: real\n\n--b\n\nx\n--b--`,
  'within a signature within the encryption': `Content-Type: multipart/signed; boundary=b\n\n--b\nContent-Type: ${plain}; protected-headers="v1"\nSubject: real\n\nx\n--b\nContent-Type: application/pgp-signature\n\ns\n--b--`,
  'on the first part': `Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: ${plain}; protected-headers="v1"\nSubject: real\n\nx\n--b--`,
  'as text/rfc822-headers': `Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/rfc822-headers; protected-headers="v1"\n\nSubject: real\n--b\n\nx\n--b--`,
  'as a wrapped message': `Content-Type: message/rfc822\n\nSubject: real\nContent-Type: ${plain}\n\nx`,
  'without any mark': `Subject: real\nContent-Type: ${plain}\n\nx`,
};

for (const [name, payload] of Object.entries(shapes)) {
  test(`protected header, ${name}: its subject counts`, () => {
    assert.equal(subjectOf(payload), 'real');
  });
}

test('in clear an inner header counts only under a valid signature', () => {
  const payload = shapes['its forerunner on a multipart'] ?? '';
  assert.equal(subjectOf(payload, { encrypted: false, valid: false }), '...');
  assert.equal(subjectOf(payload, { encrypted: false, valid: true }), 'real');
});

test('an attached mail’s header is never the mail’s own', () => {
  const attached = `Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b\nContent-Type: message/rfc822\n\nSubject: theirs\n\ny\n--b--`;
  assert.equal(subjectOf(attached), '...');
  assert.equal(subjectOf('Content-Type: message/rfc822; forwarded=yes\n\nSubject: theirs\n\ny'), '...');
});

test('only the author’s own fields are taken from inside; the rest stays the transport’s', () => {
  const head = headOf(
    `Content-Type: ${plain}; hp="cipher"\nFrom: inner@x.example\nSubject: real\nAuto-Submitted: auto-replied\nList-Id: <x>\n\nx`,
  );
  assert.equal(head.from[0]?.address, 'inner@x.example');
  assert.equal(head.messageId, '<outer@x>');
  assert.deepEqual([head.autoSubmitted, head.listId], [undefined, undefined]);
});

test('a field that stands twice, outside or inside, is told', () => {
  assert.deepEqual(
    headOf(`Content-Type: ${plain}; hp="cipher"\nFrom: a@x.example\nFrom: b@x.example\n\nx`).repeated,
    ['from'],
  );
});
