import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addresses, signedBy, startOpening } from '../../../test/fixtures/mail/opening-bench.ts';
import {
  encryptedParts,
  mail,
  multipartSigned,
  outerHead,
  pgpMime,
  thunderbirdEntity,
} from '../../../test/fixtures/mail/pgp-mail.ts';

let bench: Awaited<ReturnType<typeof startOpening>>;

before(async () => {
  bench = await startOpening();
});

after(() => bench.end());

test('PGP/MIME encrypted, unsigned: entity byte for byte, protected subject, Thunderbird’s shape', async () => {
  const result = await bench.opened(pgpMime(await bench.encrypt(thunderbirdEntity)));
  assert.deepEqual(result.encryption, {
    kind: 'pgp-mime',
    keyId: bench.people.listKeyIds[0],
    list: 'linux-distros',
  });
  assert.equal(result.outer.subject, '...');
  assert.equal(result.head.subject, '[vs] Überlauf in libexample');
  assert.equal(result.text, 'Grüße,\nthe heap overflows.\n');
  assert.deepEqual(Buffer.from(result.entity), thunderbirdEntity);
  assert.deepEqual(result.signature, { kind: 'none' });
  assert.equal(result.signedText, undefined);
  assert.match(result.bodyDigest ?? '', /^[0-9a-f]{64}$/);
});

test('PGP/MIME signed and encrypted together by a representative: valid, signed text from the same bytes', async () => {
  const armour = await bench.encrypt(thunderbirdEntity, ...signedBy(addresses.representative));
  const result = await bench.opened(pgpMime(armour));
  assert.equal(result.signature.kind, 'valid');
  assert.equal(
    result.signature.kind === 'valid' && result.signature.fingerprint,
    bench.people.representative.fingerprint,
  );
  assert.equal(result.signedText, 'Grüße,\nthe heap overflows.\n');
});

test('multipart/signed inside the encryption: verified over the exact part', async () => {
  const signature = await bench.sign(thunderbirdEntity);
  const inside = multipartSigned(thunderbirdEntity, signature);
  const result = await bench.opened(pgpMime(await bench.encrypt(inside)));
  assert.equal(result.signature.kind, 'valid');
  assert.equal(result.head.subject, '[vs] Überlauf in libexample');
  assert.equal(result.signedText, 'Grüße,\nthe heap overflows.\n');
  assert.deepEqual(Buffer.from(result.entity), inside);

  const changed = Buffer.from(inside.toString('latin1').replace('fix.tar.xz', 'fix.tar.gz'), 'latin1');
  const tampered = await bench.opened(pgpMime(await bench.encrypt(changed)));
  assert.equal(tampered.signature.kind, 'invalid');
  assert.equal(tampered.signedText, undefined);
});

test('a part with bare LF that was signed as it stood is still verified, and becomes CRLF in the copy', async () => {
  const part = 'Content-Type: text/plain; charset=utf-8\n\nline one\nline two';
  const signature = await bench.sign(part);
  const inside = multipartSigned(Buffer.from(part), signature).toString().replace(/\r\n/g, '\n');
  const result = await bench.opened(pgpMime(await bench.encrypt(inside)));
  assert.equal(result.signature.kind, 'valid');
  assert.equal(result.signedText, 'line one\nline two');
  assert.doesNotMatch(Buffer.from(result.entity).toString(), /(?<!\r)\n/);
});

test('multipart/signed in clear: valid over the root; the copy carries Content-* fields and body only', async () => {
  const part = mail('Content-Type: text/plain; charset=utf-8\n\nIn clear, but signed.\n');
  const signature = await bench.sign(part);
  const result = await bench.opened(multipartSigned(part, signature, outerHead));
  assert.equal(result.signature.kind, 'valid');
  assert.deepEqual(result.encryption, { kind: 'none' });
  assert.deepEqual(Buffer.from(result.entity), multipartSigned(part, signature));
});

test('inline PGP: the decrypted text is the entity, clear text around it stays apart', async () => {
  const armour = await bench.encrypt('Überlauf\nin libexample\n', ...signedBy(addresses.representative));
  const raw = mail([
    ...outerHead,
    'Content-Type: text/plain',
    '',
    'Hello,',
    '',
    armour.toString(),
    '-- ',
    'Rita',
  ]);
  const result = await bench.opened(raw);
  assert.equal(result.encryption.kind, 'inline');
  assert.equal(result.signature.kind, 'valid');
  assert.equal(result.text, 'Überlauf\nin libexample\n');
  assert.equal(result.signedText, result.text);
  assert.match(result.textAround ?? '', /Hello,[\s\S]*Rita/);
  assert.match(Buffer.from(result.entity).toString(), /^Content-Type: text\/plain; charset=utf-8\r\n/);
});

test('inline PGP as quoted-printable, with blanks before the lines and the checksum gone', async () => {
  const armour = (await bench.encrypt('still readable\n')).toString();
  const bent = armour
    .replace(/^=.{4}$\n/m, '')
    .replace(/^/gm, '  ')
    .replace(/=/g, '=3D');
  const result = await bench.opened(
    mail([...outerHead, 'Content-Type: text/plain', 'Content-Transfer-Encoding: quoted-printable', '', bent]),
  );
  assert.equal(result.encryption.kind, 'inline');
  assert.equal(result.text, 'still readable\n');
});

test('a mail signed in clear: the text is what verification returned', async () => {
  const text = 'Embargod: VS-2026-0042 ack\n- -- dashes\n';
  const signed = await bench.people.gnupg.run(
    ['--clearsign', '--local-user', addresses.representative],
    text,
  );
  const result = await bench.opened(mail([...outerHead, 'Content-Type: text/plain', '', signed.toString()]));
  assert.equal(result.signature.kind, 'valid');
  assert.equal(result.signedText?.trimEnd(), text.trimEnd());

  const beside = mail([...outerHead, 'Content-Type: text/plain', '', 'Mallory says:', signed.toString()]);
  assert.deepEqual((await bench.opened(beside)).signature, { kind: 'none' }, 'unsigned text beside it');
});

test('a list’s footer and Exchange’s multipart/mixed do not hide the encryption', async () => {
  const armour = (await bench.encrypt(thunderbirdEntity)).toString();
  const footer = [
    'Content-Type: multipart/mixed; boundary="f"',
    '',
    '--f',
    ...encryptedParts(armour),
    '--f',
    'Content-Type: text/plain',
    '',
    'a list footer',
    '--f--',
  ];
  const withFooter = await bench.opened(mail([...outerHead, ...footer]));
  assert.equal(withFooter.encryption.kind, 'pgp-mime');
  assert.equal(withFooter.textAround, 'a list footer');
  const exchange = encryptedParts(armour).with(0, 'Content-Type: multipart/mixed; boundary="enc"');
  assert.equal((await bench.opened(mail([...outerHead, ...exchange]))).encryption.kind, 'pgp-mime');
});

test('PGP/MIME that a gateway flattened, and armour as a whole body of no text type, are opened as what they are', async () => {
  const armour = (await bench.encrypt(thunderbirdEntity)).toString();
  const flat = await bench.opened(mail([...outerHead, 'Content-Type: text/plain', '', armour]));
  assert.equal(flat.encryption.kind, 'inline');
  assert.equal(flat.head.subject, '[vs] Überlauf in libexample');
  assert.deepEqual(Buffer.from(flat.entity), thunderbirdEntity);
  const body = (await bench.encrypt('only text\n')).toString();
  for (const type of [
    'application/octet-stream',
    'application/pgp-encrypted',
    'application/pgp; format=text',
  ]) {
    const bare = await bench.opened(mail([...outerHead, `Content-Type: ${type}`, '', body]));
    assert.deepEqual([bare.encryption.kind, bare.text], ['inline', 'only text\n'], type);
  }
});

test('armour that a mail program also wrote as HTML is one encrypted text', async () => {
  const armour = (await bench.encrypt('twice dressed\n')).toString();
  const html = `<html><body><p>${armour.replace(/\n/g, '<br>\n')}</p></body></html>`;
  const twins = [
    'Content-Type: multipart/alternative; boundary="a"',
    '',
    '--a',
    'Content-Type: text/plain',
    '',
    armour,
    '--a',
    'Content-Type: text/html',
    '',
    html,
    '--a--',
  ];
  assert.equal((await bench.opened(mail([...outerHead, ...twins]))).text, 'twice dressed\n');
  const alone = await bench.opened(mail([...outerHead, 'Content-Type: text/html', '', html]));
  assert.equal(alone.text, 'twice dressed\n');
});

test('a reporter’s own certificate inside the encryption checks the mail’s signature and is handed on', async () => {
  const key = await bench.people.gnupg.run(['--armor', '--export', addresses.reporter]);
  const entity = mail([
    'Content-Type: multipart/mixed; boundary="k"',
    '',
    '--k',
    'Content-Type: text/plain',
    '',
    'My key is attached.',
    '--k',
    'Content-Type: application/pgp-keys; name="key.asc"',
    '',
    key.toString(),
    '--k--',
    '',
  ]);
  const result = await bench.opened(pgpMime(await bench.encrypt(entity, ...signedBy(addresses.reporter))));
  assert.equal(
    result.signature.kind === 'valid' && result.signature.fingerprint,
    bench.people.reporter.fingerprint,
  );
  assert.deepEqual(
    result.enclosedCertificates.map((one) => one.fingerprint),
    [bench.people.reporter.fingerprint],
  );
});

test('Autocrypt’s key counts in the protected header, never in the outer one', async () => {
  const key = (await bench.people.gnupg.run(['--export', addresses.reporter]))
    .toString('base64')
    .replace(/.{70}/g, '$&\n ');
  const field = `Autocrypt: addr=${addresses.reporter}; prefer-encrypt=mutual; keydata=\n ${key}`;
  const text = 'Content-Type: text/plain; protected-headers="v1"';
  const inside = await bench.opened(
    pgpMime(await bench.encrypt(mail([text, 'Subject: x', field, '', 'hello']))),
  );
  assert.deepEqual(
    inside.enclosedCertificates.map((one) => one.fingerprint),
    [bench.people.reporter.fingerprint],
  );
  const outside = await bench.opened(
    pgpMime(await bench.encrypt(mail([text, '', 'hello'])), [...outerHead, field]),
  );
  assert.deepEqual(outside.enclosedCertificates, []);
});

test('hidden and several recipients: the packet that is ours is found', async () => {
  const hidden = await bench.people.gnupg.run(
    ['--armor', '--encrypt', '--throw-keyids', '--recipient', addresses.list],
    thunderbirdEntity,
  );
  assert.equal((await bench.opened(pgpMime(hidden))).encryption.kind, 'pgp-mime');
  const several = await bench.encrypt(
    thunderbirdEntity,
    '--recipient',
    addresses.stranger,
    '--recipient',
    addresses.reporter,
  );
  assert.equal((await bench.opened(pgpMime(several))).encryption.kind, 'pgp-mime');
});
