import assert from 'node:assert/strict';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { listSettings } from '../../../test/stand-ins/community.ts';
import { type Keyring, openKeyring } from '../../adapters/openpgp/keyring/keyring.ts';
import { applyMailKeyEvent, type MailKeyEvent, type MailKeysOfLists } from '../../membership/mail-keys.ts';
import { instantFromMilliseconds, later, minute } from '../../time/instant.ts';
import { mailKeysOfKeyring } from './mail-keys-of-keyring.ts';

/** What the journal says of a list's keys against what lies in the directory, after crashes and with two keyholders. */
const now = instantFromMilliseconds(Math.floor(Date.now() / 1000) * 1000);
const list = listSettings('linux-distros');
const nothing: MailKeysOfLists = new Map();
const roots: string[] = [];
let directory: string;
let keyring: Keyring;
let old: string;

const openHere = () => openKeyring({ directory, passphrase: undefined, unprotected: true, demo: false, now });
const files = async () =>
  (await readdir(join(directory, 'lists', list.name))).filter((name) => name.startsWith('mail-')).sort();
const fileOf = (fingerprint: string) => `mail-${fingerprint}.key`;
const journalled = (...events: readonly MailKeyEvent[]) => events.reduce(applyMailKeyEvent, nothing);
const replaced = (fingerprint: string): MailKeyEvent => ({
  kind: 'list-key-replaced',
  list: list.name,
  fingerprint,
  previous: old,
  opensUntil: now,
});
const destroyed = (fingerprint: string): MailKeyEvent => ({
  kind: 'list-key-destroyed',
  list: list.name,
  fingerprint,
});
const next = (of: Keyring, compromised = false) =>
  mailKeysOfKeyring(of).nextListKey({ list, known: undefined, compromised, now });

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'keys-'));
  roots.push(directory);
  keyring = await openHere();
  old = (await keyring.createList(list.name, list.address, later(now, -minute))).fingerprint;
});
after(() => Promise.all(roots.map((root) => rm(root, { recursive: true }))));

test('a key that was made and never journalled is taken the next time, by this keyholder or another', async () => {
  const first = await next(keyring);
  assert.equal((await next(keyring)).fingerprint, first.fingerprint);
  assert.equal((await next(await openHere())).fingerprint, first.fingerprint);
  assert.deepEqual(await files(), [fileOf(first.fingerprint), fileOf(old)].sort());
});

test('until the journal says so, a spare key is nobody’s: the old one signs and is handed out', async () => {
  const before = mailKeysOfKeyring(keyring).armouredKey(list.name, undefined);
  await next(keyring);
  const again = await openHere();
  assert.equal(mailKeysOfKeyring(again).armouredKey(list.name, undefined), before);
});

test('after a theft no key is taken that the stolen one has certified', async () => {
  const certified = await next(keyring);
  const stolen = await next(keyring, true);
  assert.notEqual(stolen.fingerprint, certified.fingerprint);
  assert.deepEqual(
    stolen.revoked.map(({ fingerprint }) => fingerprint),
    [old],
  );
  assert.equal((await next(keyring, true)).fingerprint, stolen.fingerprint);
});

test('a theft ends the keys in their grace too', async () => {
  const { fingerprint } = await next(keyring);
  const known = journalled(replaced(fingerprint)).get(list.name);
  const { revoked } = await mailKeysOfKeyring(keyring).nextListKey({ list, known, compromised: true, now });
  assert.deepEqual(new Set(revoked.map((one) => one.fingerprint)), new Set([fingerprint, old]));
});

test('another keyholder takes in the new key and forgets the destroyed one when it reads the journal', async () => {
  const other = await openHere();
  const { fingerprint } = await next(keyring);
  const keys = mailKeysOfKeyring(other);
  await keys.followJournal(journalled(replaced(fingerprint)));
  assert.equal(other.listKeyIds().length, 2, 'both open mail');
  await keys.followJournal(journalled(replaced(fingerprint), destroyed(old)));
  assert.deepEqual(
    other.lists().map(({ certificate }) => certificate.fingerprint),
    [fingerprint],
  );
  assert.equal(other.listKeyIds().length, 1);
  assert.deepEqual(await files(), [fileOf(fingerprint)]);
});

test('who died between commit and deletion deletes at the next start', async () => {
  const { fingerprint } = await next(keyring);
  const restarted = await openHere();
  await mailKeysOfKeyring(restarted).followJournal(journalled(replaced(fingerprint), destroyed(old)));
  assert.deepEqual(await files(), [fileOf(fingerprint)]);
  assert.equal(restarted.listKeyIds().length, 1);
});

test('a destroyed key that is put back, as from a copy of the disk, is destroyed again at the next start', async () => {
  const { fingerprint } = await next(keyring);
  const path = join(directory, 'lists', list.name, fileOf(old));
  const kept = await readFile(path);
  const journal = journalled(replaced(fingerprint), destroyed(old));
  await mailKeysOfKeyring(keyring).followJournal(journal);
  await writeFile(path, kept, { mode: 0o600 });
  const restarted = await openHere();
  await mailKeysOfKeyring(restarted).followJournal(journal);
  assert.deepEqual(await files(), [fileOf(fingerprint)]);
  assert.equal(restarted.listKeyIds().length, 1);
});

test('a file is overwritten before it goes: who holds it open reads nothing of it', async () => {
  const { fingerprint } = await next(keyring);
  const held = await open(join(directory, 'lists', list.name, fileOf(old)), 'r');
  try {
    const before = await held.readFile();
    assert.match(before.toString(), /"data"/);
    await mailKeysOfKeyring(keyring).followJournal(journalled(replaced(fingerprint), destroyed(old)));
    const left = Buffer.alloc(before.length);
    await held.read(left, 0, left.length, 0);
    assert.ok(!left.toString('latin1').includes('"data"'));
  } finally {
    await held.close();
  }
});
