import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { address } from '../../../test/stand-ins/community.ts';
import { type KeyDirectory, type Page, startKeyDirectory } from '../../../test/stand-ins/key-directory.ts';
import { askDirectory } from './ask-directory.ts';
import { directoryPlaces } from './directory-url.ts';
import { isPublicAddress } from './public-address.ts';

/** Real HTTPS to a real directory with an authority of its own. */
const skip = spawnSync('openssl', ['version']).status !== 0;
let directory: KeyDirectory;
const alice = address('alice@debian.example');
const key = new Uint8Array(3_000).fill(7);

before(async () => {
  if (!skip)
    directory = await startKeyDirectory(['openpgpkey.debian.example', 'suse.example', 'kernel.example']);
});
after(() => directory?.close());

const says = (page: Page | undefined) => {
  directory.publish(alice, page);
  return directory.ask(alice);
};

test('the places are those of the draft’s own example', () => {
  // draft-koch-openpgp-webkey-service §3.1: the local part is hashed in lower case, and told as it was written.
  const places = directoryPlaces(address('Joe.Doe@example.org'));
  const found = 'hu/iy9q119eutrkn8s1mk4r39qejnbu3n5q?l=Joe.Doe';
  assert.deepEqual(places, {
    advanced: { host: 'openpgpkey.example.org', path: `/.well-known/openpgpkey/example.org/${found}` },
    direct: { host: 'example.org', path: `/.well-known/openpgpkey/${found}` },
  });
});

test('a domain that is no host name of the world has no directory', () => {
  for (const domain of ['localhost', '127.0.0.1', '2130706433', '0x7f.1', 'a_b.example'])
    assert.equal(directoryPlaces(`a@${domain}` as typeof alice), undefined, domain);
});

test('bytes come as they are; nobody of that name is no fault', { skip }, async () => {
  const answer = await says(key);
  assert.ok(answer.kind === 'found');
  assert.deepEqual(Buffer.from(answer.bytes), Buffer.from(key));
  assert.deepEqual(await says(undefined), { kind: 'none' });
});

test('the direct place is asked only where the advanced host does not exist', { skip }, async () => {
  directory.publish('sam@suse.example', key);
  assert.equal((await directory.ask(address('sam@suse.example'))).kind, 'found');
  assert.match(directory.asked.at(-1) ?? '', /^suse\.example \/\.well-known\/openpgpkey\/hu\//);
  const before = directory.asked.length;
  assert.deepEqual(await says(undefined), { kind: 'none' });
  assert.deepEqual(
    directory.asked.slice(before).map((line) => line.split(' ')[0]),
    ['openpgpkey.debian.example'],
  );
  assert.deepEqual(await directory.ask(address('x@nowhere.example')), { kind: 'none' });
});

test('a redirect is not followed, to the same host or another', { skip }, async () => {
  for (const location of ['/elsewhere', 'https://suse.example/', 'http://127.0.0.1/'])
    assert.deepEqual(await says((_, response) => response.writeHead(302, { location }).end()), {
      kind: 'failed',
      reason: 'status-302',
    });
});

test('an endless answer ends at the limit; an empty one and one cut short are none', { skip }, async () => {
  const endless: Page = (_, response) => {
    const more = (): void => {
      if (!response.destroyed) response.write(new Uint8Array(65_536), () => setImmediate(more));
    };
    more();
  };
  assert.deepEqual(await says(endless), { kind: 'failed', reason: 'too-large' });
  assert.deepEqual(await says(new Uint8Array()), { kind: 'failed', reason: 'cut-short' });
  const cut = await says((_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half');
    setImmediate(() => response.destroy());
  });
  assert.equal(cut.kind, 'failed');
});

test('an answer that never ends in time is given up, wherever it stops', { skip }, async () => {
  const hurried = askDirectory({ ...directory.world, within: 300 });
  directory.publish(alice, () => undefined);
  assert.deepEqual(await hurried(alice), { kind: 'failed', reason: 'timeout' });
  directory.publish(alice, (_, response) => void response.writeHead(200).write('a'));
  assert.deepEqual(await hurried(alice), { kind: 'failed', reason: 'timeout' });
  const noName = askDirectory({ ...directory.world, within: 300, lookup: () => undefined });
  assert.deepEqual(await noName(alice), { kind: 'failed', reason: 'timeout' });
});

test('who cannot show a certificate for the very host is not believed', { skip }, async () => {
  directory.publish(alice, key);
  const noAuthority = askDirectory({ ...directory.world, authorities: undefined });
  assert.equal((await noAuthority(alice)).kind, 'failed');
  const lookup: typeof directory.world.lookup = (_host, _options, done) =>
    done(null, [{ address: '127.0.0.1', family: 4 }]);
  const led = askDirectory({ ...directory.world, lookup });
  assert.deepEqual(await led(address('x@other.example')), {
    kind: 'failed',
    reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });
});

test('as in production, a name that leads into our own network is not asked', { skip }, async () => {
  directory.publish(alice, key);
  const before = directory.asked.length;
  const inProduction = askDirectory({ ...directory.world, isAllowed: isPublicAddress });
  assert.deepEqual(await inProduction(alice), { kind: 'failed', reason: 'private-address' });
  assert.equal(directory.asked.length, before);
});

test('what is no public address', () => {
  const here = [
    '127.0.0.1',
    '10.1.2.3',
    '172.20.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
  ];
  const v6 = [
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '2002:0a00::1',
    '64:ff9b::a00:1',
    '2001:db8::1',
  ];
  for (const one of [...here, ...v6, '224.0.0.1', 'x']) assert.equal(isPublicAddress(one), false, one);
  for (const one of ['9.9.9.9', '172.15.0.1', '2620:fe::fe', '2a00:1450::1'])
    assert.equal(isPublicAddress(one), true, one);
});
