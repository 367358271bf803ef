import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveSite } from '../../src/adapters/html/serve-pages.ts';
import type { PublicList } from '../../src/adapters/public-site/public-record.ts';
import { publicSite } from '../../src/adapters/public-site/public-site.ts';
import { instantFromMilliseconds } from '../../src/time/instant.ts';
import { emptyArchive } from '../stand-ins/archive-site.ts';

const armour = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nxjMEaA==\n-----END PGP PUBLIC KEY BLOCK-----\n';
const lists: readonly PublicList[] = [
  {
    name: 'linux-distros',
    address: 'linux-distros@lists.example.org',
    kind: 'private',
    title: 'Security contacts <script>alert(1)</script>',
    certificate: armour,
    fingerprint: '0123456789ABCDEF0123456789ABCDEF01234567',
  },
  {
    name: 'oss-security',
    address: 'oss-security@lists.example.org',
    kind: 'public',
    title: 'Open source software security',
    certificate: undefined,
    fingerprint: undefined,
  },
];

const noArchive = emptyArchive();

async function openSite(record: () => Promise<readonly PublicList[]>) {
  const faults: unknown[] = [];
  const site = publicSite({
    domain: 'lists.example.org',
    demo: false,
    url: 'https://lists.example.org',
    record: { lists: record, archive: noArchive },
    now: () => instantFromMilliseconds(Date.UTC(2026, 10, 23, 20)),
    onFault: (error) => faults.push(error),
  });
  const listening = await serveSite(site, { host: '127.0.0.1', port: 0 });
  return {
    faults,
    get: (path: string, headers: Readonly<Record<string, string>> = {}) =>
      fetch(`http://127.0.0.1:${listening.port}${path}`, { headers }),
    [Symbol.asyncDispose]: listening.close,
  };
}

test('the home page names every list, escaped, and allows no script', async () => {
  await using site = await openSite(async () => lists);
  const page = await site.get('/');
  const text = await page.text();
  assert.equal(page.status, 200);
  for (const { address } of lists) assert.ok(text.includes(address), address);
  assert.ok(!text.includes('<script'));
  assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
  assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
});

test('a reader who has the page already is told so with 304, also behind a proxy that weakened the tag', async () => {
  await using site = await openSite(async () => lists);
  const first = await site.get('/linux-distros');
  const etag = first.headers.get('etag') ?? '';
  assert.match(etag, /^"[\w-]{27}"$/);
  assert.equal((await site.get('/linux-distros', { 'if-none-match': `W/${etag}` })).status, 304);
  assert.equal((await site.get('/linux-distros', { 'if-none-match': '"another"' })).status, 200);
});

test('the key of a private list is a download for gpg, and a public list has none', async () => {
  await using site = await openSite(async () => lists);
  const key = await site.get('/linux-distros/key.asc');
  assert.equal(key.headers.get('content-type'), 'application/pgp-keys');
  assert.equal(await key.text(), armour);
  assert.equal((await site.get('/oss-security/key.asc')).status, 404);
  assert.equal((await site.get('/nothing')).status, 404);
});

test('security.txt names the private lists, and expires within a year (RFC 9116)', async () => {
  await using site = await openSite(async () => lists);
  const text = await (await site.get('/.well-known/security.txt')).text();
  assert.equal(
    text,
    [
      'Contact: mailto:linux-distros@lists.example.org',
      'Expires: 2026-12-23T00:00:00Z',
      'Encryption: https://lists.example.org/linux-distros/key.asc',
      'Preferred-Languages: en',
      '',
    ].join('\n'),
  );
});

test('a fault of the database shows a plain page and none of its text; the log is told', async () => {
  await using site = await openSite(() => Promise.reject(new Error('relation lists of embargod_public')));
  const page = await site.get('/');
  assert.equal(page.status, 503);
  assert.ok(!(await page.text()).includes('relation'));
  assert.match(String(site.faults[0]), /relation lists/);
});
