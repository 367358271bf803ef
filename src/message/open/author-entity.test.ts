import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitEntity } from '../../mail/split-entity.ts';
import { authorEntity } from './author-entity.ts';
import type { Uncovered } from './uncovered.ts';

/** What a copy carries of it; `signed`: its first part has a signature of its own. */
function carried(text: string, signed = false): string {
  const entity = Buffer.from(text, 'latin1');
  const split = splitEntity(entity);
  assert.ok(split.kind === 'entity');
  const payload = split.entity;
  const [part = payload] = payload.children;
  const none = { kind: 'none' } as const;
  const uncovered: Uncovered = {
    kind: 'uncovered',
    encryption: none,
    entity,
    payload,
    readable: { kind: 'entity', entity: payload },
    signature: none,
    checkAgain: async () => none,
    signed: signed ? { kind: 'entity', entity: part } : undefined,
    textAround: undefined,
    bodyDigest: undefined,
    blocksBeside: [],
  };
  return Buffer.from(authorEntity(uncovered)).toString('latin1');
}

const signed = (before: string, after: string) =>
  `Content-Type: multipart/signed; boundary=b\r\n\r\n${before}--b\r\n\r\nHers.\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--${after}`;

test('an entity without anything that could pose as ours or as signed stays as it is, byte for byte', () => {
  for (const text of [
    signed('', '\r\n'),
    signed('\r\n', '\r\n\r\n'),
    signed('', ''),
    '\r\nplain',
    'A: b\r\n\r\n',
  ]) {
    assert.equal(carried(text, text.includes('signed')), text);
  }
  const mixed = signed('A preamble.\r\n', '\r\nAn epilogue.\r\n').replace('signed', 'mixed');
  assert.equal(carried(mixed), mixed, 'where there is no verdict, nothing is taken away');
});

test('what stands outside the boundaries of a signed mail goes, and nothing else', () => {
  assert.equal(carried(signed('Evil.\r\n', '\r\n'), true), signed('', '\r\n'));
  assert.equal(carried(signed('', '\r\nEvil.\r\n'), true), signed('', '\r\n'));
  assert.equal(
    carried(signed('Evil.\r\n\r\nMore.\r\n', '\r\n--b\r\n\r\nEvil.\r\n'), true),
    signed('', '\r\n'),
  );
});

test('fields named like ours go, whatever their case; the body stays', () => {
  const fields =
    'EMBARGOD-Signature: good\r\nContent-Type: text/plain\r\nEmbargod-Case: x\r\n y\r\nSubject: z\r\n';
  assert.equal(carried(`${fields}\r\nText.\r\n`), 'Content-Type: text/plain\r\nSubject: z\r\n\r\nText.\r\n');
});
