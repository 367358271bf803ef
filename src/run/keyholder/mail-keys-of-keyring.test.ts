import assert from 'node:assert/strict';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { listSettings } from '../../../test/stand-ins/community.ts';
import { examineCertificates } from '../../adapters/openpgp/examine-certificates.ts';
import { readKeyDocument } from '../../adapters/openpgp/keyring/key-document.ts';
import { type Keyring, openKeyring } from '../../adapters/openpgp/keyring/keyring.ts';
import { openBody } from '../../adapters/openpgp/open-body.ts';
import { generateKey } from '../../adapters/openpgp/private/generate-key.ts';
import type { PrivateKey } from '../../adapters/openpgp/private/private-key.ts';
import { sessionKeyFromPackets } from '../../adapters/openpgp/private/unwrap-session-key.ts';
import { readEncrypted } from '../../adapters/openpgp/read-encrypted.ts';
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

const keysOf = (of: Keyring) => mailKeysOfKeyring(of, of.exporterWith(examineCertificates));
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
  keysOf(of).nextListKey({ list, known: undefined, compromised, now });

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
  const before = keysOf(keyring).armouredKey(list.name, undefined);
  await next(keyring);
  const again = await openHere();
  assert.equal(keysOf(again).armouredKey(list.name, undefined), before);
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
  const hourLater = later(now, 60 * minute);
  const task = { list, known: undefined, compromised: true, now: hourLater };
  const fresh = await keysOf(keyring).nextListKey(task);
  assert.notEqual(
    fresh.fingerprint,
    stolen.fingerprint,
    'one that lay there may have been stolen with the rest',
  );
});

test('a theft ends the keys in their grace too', async () => {
  const { fingerprint } = await next(keyring);
  const known = journalled(replaced(fingerprint)).get(list.name);
  const { revoked } = await keysOf(keyring).nextListKey({ list, known, compromised: true, now });
  assert.deepEqual(new Set(revoked.map((one) => one.fingerprint)), new Set([fingerprint, old]));
});

test('an export has the keys that the journal knows, and no spare one', async () => {
  const { fingerprint } = await next(keyring);
  const custodian = (await generateKey({ name: 'custodian' }, later(now, -minute))).key;
  for (const [journal, wanted] of [
    [nothing, [old]],
    [journalled(replaced(fingerprint)), [old, fingerprint]],
  ] as const) {
    const { armour, count } = await keysOf(keyring).exportKeys([custodian.certificate], journal, now);
    const names = (await openExport(armour, custodian)).map(({ name }) => name);
    assert.equal(count, names.length);
    assert.deepEqual(
      names.filter((name) => name.includes('/mail-')),
      wanted.map((one) => `lists/${list.name}/mail-${one}`).sort(),
    );
  }
});

async function openExport(armour: string, custodian: PrivateKey) {
  const message = readEncrypted(Buffer.from(armour.split('\n').slice(2, -3).join(''), 'base64'));
  assert.ok(message.kind !== 'problem');
  const found = sessionKeyFromPackets(message.sessionKeyPackets, custodian.decryptionKeys);
  assert.ok(found, 'the custodian can open it');
  const { body } = message;
  const task = { body, sessionKey: found.sessionKey, certificates: [keyring.requestCertificate], now };
  const opened = await openBody({ ...task, maximumBytes: 1_000_000 });
  assert.ok(opened.kind === 'opened');
  assert.equal(opened.signature.kind, 'valid', 'the keyholder signed it');
  const document = readKeyDocument(opened.data);
  assert.ok(document);
  return document.keys;
}

test('another keyholder takes in the new key and forgets the destroyed one when it reads the journal', async () => {
  const other = await openHere();
  const { fingerprint } = await next(keyring);
  const keys = keysOf(other);
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
  await keysOf(restarted).followJournal(journalled(replaced(fingerprint), destroyed(old)));
  assert.deepEqual(await files(), [fileOf(fingerprint)]);
  assert.equal(restarted.listKeyIds().length, 1);
});

test('a destroyed key that is put back, as from a copy of the disk, is destroyed again at the next start', async () => {
  const { fingerprint } = await next(keyring);
  const path = join(directory, 'lists', list.name, fileOf(old));
  const kept = await readFile(path);
  const journal = journalled(replaced(fingerprint), destroyed(old));
  await keysOf(keyring).followJournal(journal);
  await writeFile(path, kept, { mode: 0o600 });
  const restarted = await openHere();
  await keysOf(restarted).followJournal(journal);
  assert.deepEqual(await files(), [fileOf(fingerprint)]);
  assert.equal(restarted.listKeyIds().length, 1);
});

test('a file is overwritten before it goes: who holds it open reads nothing of it', async () => {
  const { fingerprint } = await next(keyring);
  const held = await open(join(directory, 'lists', list.name, fileOf(old)), 'r');
  try {
    const before = await held.readFile();
    assert.match(before.toString(), /"data"/);
    await keysOf(keyring).followJournal(journalled(replaced(fingerprint), destroyed(old)));
    const left = Buffer.alloc(before.length);
    await held.read(left, 0, left.length, 0);
    assert.ok(!left.toString('latin1').includes('"data"'));
  } finally {
    await held.close();
  }
});
