import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Gnupg, makeGnupg } from '../../../../test/stand-ins/gnupg.ts';
import { readListAddress, tokenAddress } from '../../../mail/list-address.ts';
import type { Epoch } from '../../../message/ports.ts';
import { instantFromMilliseconds } from '../../../time/instant.ts';
import { armorCertificate } from '../armor-certificate.ts';
import { openingTools } from '../opening-tools.ts';
import { createDoorSealer } from '../seal-at-door.ts';
import { type Keyring, openKeyring } from './keyring.ts';

const now = instantFromMilliseconds(Math.floor(Date.now() / 1000) * 1000);
const epoch = '2026-11' as Epoch;
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (given: Uint8Array) => new TextDecoder().decode(given);

describe('the keyring', () => {
  let root: string;
  let directory: string;
  let count = 0;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'keys-'));
  });
  after(() => rm(root, { recursive: true }));
  beforeEach(() => {
    directory = join(root, String(count++));
  });

  const open = (options: Partial<Parameters<typeof openKeyring>[0]> = {}): Promise<Keyring> =>
    openKeyring({ directory, passphrase: 'correct horse', unprotected: false, demo: false, now, ...options });

  test('keeps every key over a restart', async () => {
    const first = await open();
    const mail = await first.createList('demo-list', 'demo-list@lists.example.org', now);
    const storage = await first.ensureEpoch('demo-list', epoch, now);
    const sealed = await first.sealRecord(epoch, bytes('a title'), 'journal/1');
    const inbox = await createDoorSealer()(bytes('mail'), storage.bytes, now);
    const token = first.token('bounce', 'row-1');

    const second = await open();
    assert.deepEqual(
      second.lists().map(({ list, certificate }) => [list, certificate.fingerprint]),
      [['demo-list', mail.fingerprint]],
    );
    assert.equal((await second.ensureEpoch('demo-list', epoch, now)).fingerprint, storage.fingerprint);
    assert.equal(text(await second.openRecord(epoch, sealed, 'journal/1')), 'a title');
    assert.equal(text(await second.openInbox('demo-list', epoch, inbox)), 'mail');
    assert.equal(second.token('bounce', 'row-1'), token);
    assert.deepEqual(second.statement.publicKey, first.statement.publicKey);
    assert.equal(second.requestCertificate.fingerprint, first.requestCertificate.fingerprint);
    assert.equal(second.unprotected, false);
    await assert.rejects(second.createList('demo-list', 'x@example.org', now), { code: 'list-exists' });
  });

  test('refuses a wrong passphrase, and none', async () => {
    await open();
    await assert.rejects(open({ passphrase: 'wrong' }), { code: 'wrong-passphrase' });
    await assert.rejects(open({ passphrase: undefined }), { code: 'passphrase-missing' });
  });

  test('leaves nothing readable in its files under a passphrase, and says when it does', async () => {
    const keyring = await open();
    const bare = await openKeyring({
      directory: join(root, 'bare'),
      passphrase: undefined,
      unprotected: true,
      demo: true,
      now,
    });
    assert.equal(bare.unprotected, true);
    const mail = await keyring.createList('demo-list', 'demo-list@lists.example.org', now);
    const file = join(directory, 'lists', 'demo-list', `mail-${mail.fingerprint}.key`);
    const content = JSON.parse(await readFile(file, 'utf8'));
    assert.equal(content.protection, 'passphrase');
    assert.equal(Buffer.from(content.data, 'base64').includes('demo-list@'), false);
    const openly = JSON.parse(await readFile(join(root, 'bare', 'tokens.key'), 'utf8'));
    assert.equal(openly.protection, 'none');
    assert.equal(openly.demo, true);
  });

  test('makes files for its own user only, leaves no half-written ones, and refuses wider rights', async () => {
    await open();
    for (const name of await readdir(directory)) {
      assert.equal((await stat(join(directory, name))).mode & 0o777, 0o600, name);
      assert.match(name, /\.(key|json)$/);
    }
    await chmod(join(directory, 'tokens.key'), 0o640);
    await assert.rejects(open(), { code: 'too-open' });
    await chmod(join(directory, 'tokens.key'), 0o600);
    await chmod(directory, 0o755);
    await assert.rejects(open(), { code: 'too-open' });
  });

  test('refuses demo keys in production, a whole directory or one file, and real keys in the demo', async () => {
    await open({ demo: true, unprotected: true });
    await assert.rejects(open({ demo: false, unprotected: true }), { code: 'demo-keys' });
    const demoKey = await readFile(join(directory, 'tokens.key'));
    directory = join(root, 'real');
    await open({ unprotected: true });
    await assert.rejects(open({ demo: true, unprotected: true }), { code: 'not-demo-keys' });
    await writeFile(join(directory, 'tokens.key'), demoKey);
    await assert.rejects(open({ unprotected: true }), { code: 'demo-keys' });
  });

  test('notices a key file under another name, and a record in another place', async () => {
    const keyring = await open();
    const october = '2026-10' as Epoch;
    const sealed = await keyring.sealRecord(epoch, bytes('x'), 'journal/1');
    await keyring.sealRecord(october, bytes('x'), 'journal/1');
    await assert.rejects(keyring.openRecord(epoch, sealed, 'journal/2'), { code: 'key-damaged' });
    await assert.rejects(keyring.openRecord(october, sealed, 'journal/1'), { code: 'key-damaged' });
    await rename(join(directory, 'records-2026-10.key'), join(directory, 'records-2026-09.key'));
    const again = await open();
    await assert.rejects(again.openRecord('2026-09' as Epoch, sealed, 'journal/1'), { code: 'key-damaged' });
    await assert.rejects(again.openRecord('2026-08' as Epoch, sealed, 'journal/1'), { code: 'key-missing' });
  });

  test('two keyholders on one directory see each other’s lists, and make one month’s key, not two', async () => {
    const [first, second] = [await open(), await open()];
    const list = await first.createList('demo-list', 'demo-list@lists.example.org', now);
    assert.deepEqual(second.lists(), []);
    await second.reload();
    assert.equal(second.lists()[0]?.certificate.fingerprint, list.fingerprint);
    const made = await Promise.all(
      [first, second, first, second].map((keyring) => keyring.ensureEpoch('demo-list', epoch, now)),
    );
    assert.equal(new Set(made.map((certificate) => certificate.fingerprint)).size, 1);
  });

  test('makes tokens that are addresses of ours, one kind never serving as another', async () => {
    const keyring = await open();
    const token = keyring.token('bounce', 'row-1');
    const address = tokenAddress('demo-list', 'bounce', token, 'lists.example.org');
    assert.deepEqual(readListAddress(address, 'lists.example.org', ['demo-list']), {
      kind: 'bounce',
      list: 'demo-list',
      token,
    });
    assert.notEqual(keyring.token('held', 'row-1'), token);
    assert.notEqual(keyring.token('bounce', 'row-2'), token);
  });

  test('refuses names that would lead out of its directory', async () => {
    const keyring = await open();
    await assert.rejects(keyring.createList('../x', 'x@example.org', now), { code: 'bad-name' });
    await assert.rejects(keyring.ensureEpoch('demo-list', '../../x' as Epoch, now), { code: 'bad-name' });
  });

  describe('with GnuPG', () => {
    let gnupg: Gnupg;
    before(async () => {
      gnupg = await makeGnupg();
    });
    after(() => gnupg.remove());

    test('opens a report to any of its lists and says which; a storage key opens none (K1)', async () => {
      const keyring = await open();
      await keyring.createList('wide', 'wide@lists.example.org', now);
      const narrow = await keyring.createList('narrow', 'narrow@lists.example.org', now);
      const storage = await keyring.ensureEpoch('narrow', epoch, now);
      await gnupg.importKey(armorCertificate(narrow));
      await gnupg.importKey(storage.bytes);

      const report = await gnupg.encrypt('a report', ['narrow@lists.example.org']);
      const read = await openingTools.readEncrypted(report);
      assert.ok(read.kind === 'encrypted');
      const found = await keyring.sessionKey(read.sessionKeyPackets);
      assert.equal(found?.list, 'narrow');
      assert.ok(found && keyring.listKeyIds().includes(found.keyId));

      const oracle = await gnupg.encrypt('stolen', [storage.fingerprint]);
      const stolen = await openingTools.readEncrypted(oracle);
      assert.ok(stolen.kind === 'encrypted');
      assert.equal(await keyring.sessionKey(stolen.sessionKeyPackets), undefined);
    });
  });
});
