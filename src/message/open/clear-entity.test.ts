import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, encrypted, inClear, textOf } from '../../../test/stand-ins/letters.ts';
import { openingText } from '../../mail/entity-text.ts';
import { splitEntity, walk } from '../../mail/split-entity.ts';
import { decodeTransfer } from '../../mail/transfer-encoding.ts';
import { isWireSafe } from '../../mail/wire-safe.ts';
import { clearEntity } from './clear-entity.ts';
import type { ClearEntity, Encryption } from './opened.ts';
import { largestInClear } from './opened-limits.ts';

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const command = 'Embargod: VS-2026-0042 clear-ok';
const lines = (...some: readonly string[]) => `${some.join('\r\n')}\r\n`;

/** Of a mail whose whole text is signed; undefined when nothing of it can go in clear. */
function clear(entity: string, encryption: Encryption = encrypted): string | undefined {
  const split = splitEntity(bytesOf(entity));
  assert.ok(split.kind === 'entity');
  const [signed] =
    split.entity.contentType.value === 'multipart/signed' ? split.entity.children : [split.entity];
  const signedText = signed && openingText(signed)?.text;
  return textFit(clearEntity({ entity: bytesOf(entity), encryption, signedText }, base64));
}

function textFit(made: ClearEntity): string | undefined {
  if (made.kind !== 'fit') return undefined;
  assert.ok(isWireSafe(made.bytes), 'fit for any relay');
  return textOf(made.bytes);
}

/** Every leaf's text, decoded. */
function texts(entity: string | undefined): readonly string[] {
  const split = splitEntity(bytesOf(entity ?? assert.fail('nothing can be sent')));
  assert.ok(split.kind === 'entity');
  return walk(split.entity)
    .filter((part) => part.children.length === 0)
    .map((part) => textOf(decodeTransfer(part.body, part.transferEncoding)));
}

test('without commands and fit to travel it is what its author wrote', () => {
  const entity = lines('Content-Type: text/plain; charset=us-ascii', '', 'Hello Ann');
  assert.equal(clear(entity), entity);
});

test('command lines are gone, the rest is as it was', () => {
  const entity = lines('Content-Type: text/plain', '', command, '', 'Hello Ann', '.', '-- ', 'Alice');
  const made = clear(entity);
  assert.deepEqual(texts(made), ['Hello Ann\r\n.\r\n-- \r\nAlice\r\n']);
});

test('the protected header stays inside the encryption: its subject and addressees were never said to be fit for clear', () => {
  const head = lines(
    'Content-Type: text/plain; protected-headers="v1"',
    'Subject: canary',
    'To: bob@suse.example',
  );
  for (const first of ['', `${command}\r\n`]) {
    assert.doesNotMatch(clear(`${head}\r\n${first}Hello\r\n`) ?? 'canary', /canary|bob@/);
  }
});

test('8-bit text and long lines travel in base64', () => {
  const long = 'x'.repeat(2_000);
  const made = clear(lines('Content-Type: text/plain; charset=utf-8', '', 'Grüße', long));
  assert.deepEqual(texts(made), [lines('Grüße', long)]);
  assert.deepEqual(texts(clear(lines('Content-Type: text/plain; charset=utf-8', '', command, 'Grüße'))), [
    'Grüße\r\n',
  ]);
});

const attachment = [
  '--b',
  'Content-Type: text/x-patch',
  'Content-Disposition: attachment; filename="a.diff"',
  '',
  '+fix',
  '',
];
const mixed = (...first: readonly string[]) =>
  lines('Content-Type: multipart/mixed; boundary="b"', '', '--b', ...first, '', ...attachment, '--b--');

test('attachments go along', () => {
  const made = clear(mixed('Content-Type: text/plain', '', command, 'Hello'));
  assert.deepEqual(texts(made), ['Hello\r\n', '+fix\r\n']);
  assert.match(made ?? '', /filename="a\.diff"/);
});

test('the HTML twin, which would still say the command, is left out', () => {
  const twins = [
    '--c',
    'Content-Type: text/plain',
    '',
    command,
    'Hello',
    '--c',
    'Content-Type: text/html',
    '',
    `<p>${command}`,
    '--c--',
  ];
  const made = clear(mixed('Content-Type: multipart/alternative; boundary="c"', '', ...twins));
  assert.deepEqual(texts(made), ['Hello', '+fix\r\n']);
});

const signed = (...part: readonly string[]) =>
  lines(
    ...['Content-Type: multipart/signed; boundary="s"', '', '--s', ...part],
    ...['--s', 'Content-Type: application/pgp-signature', '', 'SIGNATURE', '--s--'],
  );

test('a signature in clear goes along while it can hold, and only then', () => {
  const entity = signed('Content-Type: text/plain', '', 'Hello');
  assert.equal(clear(entity, inClear), entity);
  const shortened = clear(signed('Content-Type: text/plain', '', command, 'Hello'), inClear);
  assert.doesNotMatch(shortened ?? 'SIGNATURE', /SIGNATURE|Embargod/);
  // Inside an encryption the signed part has the protected header.
  assert.doesNotMatch(
    clear(signed('Content-Type: text/plain', 'Subject: canary', '', 'Hello')) ?? 'canary',
    /canary/,
  );
});

test('text that was signed in clear inside the encryption goes out as that text', () => {
  const block = ['-----BEGIN PGP SIGNED MESSAGE-----', '', command, 'Hello', '-----BEGIN PGP SIGNATURE-----'];
  const entity = bytesOf(lines('Content-Type: text/plain', '', ...block));
  const made = clearEntity({ entity, encryption: encrypted, signedText: `${command}\nHello\n` }, base64);
  assert.deepEqual(texts(textFit(made)), ['Hello\r\n']);
});

test('where the text that held the commands is not found in the mail, nothing goes in clear', () => {
  const entity = bytesOf(mixed('Content-Type: text/plain', '', 'Something else'));
  assert.deepEqual(
    clearEntity({ entity, encryption: encrypted, signedText: `${command}\nHello\n` }, base64),
    { kind: 'unfit' },
  );
});

test('a message inside that cannot travel as it is keeps the whole from clear, rather than be changed', () => {
  const inner = ['Content-Type: message/rfc822', '', 'Subject: x', 'Content-Type: text/plain', '', 'Grüße'];
  assert.equal(clear(mixed('Content-Type: text/plain', '', 'Hello', '--b', ...inner)), undefined);
});

test('what is large is told from what is unfit, also when only its form in base64 is', () => {
  const type = 'Content-Type: text/plain; charset=utf-8';
  for (const text of ['x'.repeat(largestInClear), 'ü\r\n'.repeat(largestInClear / 5)]) {
    const entity = bytesOf(lines(type, '', text));
    assert.deepEqual(clearEntity({ entity, encryption: inClear, signedText: undefined }, base64), {
      kind: 'too-large',
    });
  }
});
