import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, noon } from '../../test/stand-ins/community.ts';
import type { DirectoryEntry } from './directory-record.ts';
import { screenPosting } from './screen-posting.ts';

const entry = (name: string, kind: DirectoryEntry['kind']): DirectoryEntry => ({
  name,
  kind,
  address: `${name}@lists.example.org`,
  title: name,
  certificate: undefined,
  since: noon,
});
const directory = [entry('linux-distros', 'private'), entry('oss-security', 'public')];

function screen(lines: readonly string[], to = 'oss-security@lists.example.org') {
  const raw = new TextEncoder().encode(['From: a@b.example', ...lines].join('\r\n'));
  return screenPosting({ recipients: [address(to)], raw }, directory);
}

const body = ['', 'It is fixed in 2.4.', ''];

test('an ordinary posting, also one that names the public list, postmaster or a private name elsewhere, is held for nothing', () => {
  assert.deepEqual(screen(['To: oss-security@lists.example.org', 'Subject: libfoo', ...body]), []);
  assert.deepEqual(screen(['Cc: postmaster@lists.example.org', ...body]), []);
  assert.deepEqual(screen(['Cc: linux-distros@elsewhere.example', ...body]), []);
  assert.deepEqual(screen(['In-Reply-To: <0b2d4c1e@a.example>', ...body]), []);
});

test('a private address in any field or in the envelope, whatever its detail and case', () => {
  const named = ['names-a-private-address'];
  for (const field of [
    'To: Linux-Distros@Lists.Example.ORG',
    'Cc: "x" <linux-distros+vs-2026-0042@lists.example.org>',
    'Bcc: linux-distros+vs-1999-9999.team@lists.example.org',
    'Resent-To: a@b.example,\r\n linux-distros-owner@lists.example.org',
    'Reply-To: linux-distros@lists.example.org',
    'Received: from x by y for <linux-distros@lists.example.org>; today',
    'To: linux-distros (the list) @ lists.example.org',
  ]) {
    assert.deepEqual(screen([field, ...body]), named, field);
  }
  assert.deepEqual(screen(body, 'linux-distros+vs-2026-0042@lists.example.org'), named);
});

test('what answers mail of ours', () => {
  const ours = '<3f1a8c52-0000-4000-8000-0123456789ab@lists.example.org>';
  assert.deepEqual(screen([`In-Reply-To: ${ours}`, ...body]), ['answers-a-private-message']);
  assert.deepEqual(screen([`References: <a@b.example>\r\n ${ours}`, ...body]), ['answers-a-private-message']);
});

test('OpenPGP messages at any depth and in any dress, but not signatures and keys', () => {
  const armoured = ['-----BEGIN PGP MESSAGE-----', '', 'hQEMA', '-----END PGP MESSAGE-----'];
  const part = (type: string, ...lines: readonly string[]) => ['--b', `Content-Type: ${type}`, ...lines];
  const mixed = (...lines: readonly string[]) => [
    'Content-Type: multipart/mixed; boundary=b',
    '',
    ...lines,
    '--b--',
  ];
  const holds = ['holds-openpgp'];
  assert.deepEqual(screen(['', ...armoured]), holds);
  assert.deepEqual(
    screen(mixed(...part('text/plain', 'Content-Transfer-Encoding: base64', '', btoa(armoured.join('\n'))))),
    holds,
  );
  assert.deepEqual(
    screen(
      mixed(...part('application/octet-stream', 'Content-Transfer-Encoding: base64', '', 'wV4DT0c+jqg=')),
    ),
    holds,
  );
  assert.deepEqual(screen(mixed(...part('message/rfc822', '', 'Subject: fwd', '', ...armoured))), holds);
  assert.deepEqual(
    screen(['Content-Type: multipart/encrypted; boundary=b', '', '--b', '', 'x', '--b--']),
    holds,
  );
  const signature = ['-----BEGIN PGP SIGNATURE-----', '', 'iQ', '-----END PGP SIGNATURE-----'];
  assert.deepEqual(screen(mixed(...part('application/pgp-signature', '', ...signature))), []);
});

test('the tag of reports, in the subject however it is encoded, or in the text', () => {
  const tagged = ['has-the-tag-of-reports'];
  assert.deepEqual(screen(['Subject: =?utf-8?q?=5Bvs=5D_libfoo?=', ...body]), tagged);
  assert.deepEqual(screen(['Subject: Re: [VS-plain] libfoo', ...body]), tagged);
  assert.deepEqual(screen(['', '> Subject: [vs] libfoo', '']), tagged);
});

test('what cannot be taken apart', () => {
  const deep = Array.from(
    { length: 60 },
    (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}`,
  );
  assert.deepEqual(screen([...deep, '', 'x']), ['cannot-be-read']);
});
