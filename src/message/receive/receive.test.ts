import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyholderWord } from '../../../test/stand-ins/keyholder-word.ts';
import type { Address } from '../../mail/address.ts';
import { instantFromMilliseconds } from '../../time/instant.ts';
import type { DoorRow, Epoch, InboxRow, Sealed } from '../ports.ts';
import { type MailAuthentication, splitEnvelope } from './envelope.ts';
import { type ReceivePorts, readRecipient, receive, type Transaction } from './receive.ts';
import { trustDoors } from './trust-doors.ts';

const word = keyholderWord();
const now = instantFromMilliseconds(1_795_000_000_000);
const domain = 'lists.example';
const privateDoor = (list: string, epoch = '2026-11') =>
  word.door({
    list,
    kind: 'private',
    storageCertificate: Buffer.from(`storage-of-${list}`),
    epoch: epoch as Epoch,
  });
const publicDoor = word.door({
  list: 'oss-security',
  kind: 'public',
  storageCertificate: new Uint8Array(),
  epoch: '2026-11' as Epoch,
});
const doors: readonly DoorRow[] = [privateDoor('distros'), privateDoor('linux-distros'), publicDoor];
const authentication: MailAuthentication = {
  checked: false,
  spf: 'none',
  dkim: [],
  dmarc: 'none',
  aligned: false,
};

function stand(rows: readonly DoorRow[] = doors, overrides: Partial<ReceivePorts> = {}) {
  const inserted: {
    private: InboxRow[];
    public: Readonly<{ lists: readonly string[]; envelope: string; raw: Uint8Array }>[];
  } = {
    private: [],
    public: [],
  };
  const sealed: { plain: Uint8Array; certificate: string }[] = [];
  const ports: ReceivePorts = {
    domain,
    doors: () => trustDoors(rows, word.verify, undefined),
    refreshDoors: async () => undefined,
    store: {
      insertPrivate: async (row) => {
        inserted.private.push(row);
      },
      insertPublic: async (row) => {
        inserted.public.push(row);
      },
    },
    sealAtDoor: async (bytes, certificate) => {
      sealed.push({ plain: bytes.slice(), certificate: Buffer.from(certificate).toString() });
      return Buffer.from('sealed') as Uint8Array as Sealed;
    },
    authenticate: async () => authentication,
    newId: () => 'inbox-1',
    ...overrides,
  };
  return { ports, inserted, sealed };
}

function mailTo(...recipients: string[]): Transaction {
  return {
    peer: '192.0.2.1',
    helo: 'client.example',
    tls: true,
    mailFrom: 'alice@example.org' as Address,
    recipients: recipients.map((text) => text as Address),
    raw: Buffer.from('Subject: [vs] canary\r\n\r\nsecret\r\n'),
  };
}

test('a private list gets one row, sealed whole with envelope and bytes as they came', async () => {
  const { ports, inserted, sealed } = stand();
  const mail = mailTo('linux-distros@lists.example', 'distros+vs-2026-0042.team@lists.example');
  assert.deepEqual(await receive(mail, ports, now), { kind: 'accepted', id: 'inbox-1' });
  assert.equal(inserted.private.length, 1);
  assert.deepEqual(inserted.private[0]?.lists, ['linux-distros', 'distros']);
  assert.equal(inserted.private[0]?.sizeClass, 12);
  assert.equal(sealed[0]?.certificate, 'storage-of-linux-distros');
  const { envelope, raw } = splitEnvelope(sealed[0]?.plain ?? new Uint8Array());
  assert.deepEqual(raw, new Uint8Array(mail.raw));
  assert.deepEqual(envelope, {
    ...envelope,
    receivedAt: now,
    peer: '192.0.2.1',
    recipients: mail.recipients,
  });
});

test('a private and a public recipient in one transaction: nothing goes to the public inbox', async () => {
  const { ports, inserted } = stand();
  await receive(mailTo('oss-security@lists.example', 'distros@lists.example'), ports, now);
  assert.equal(inserted.public.length, 0);
  assert.deepEqual(inserted.private[0]?.lists, ['distros']);
});

test('only public recipients: the public inbox, unsealed', async () => {
  const { ports, inserted, sealed } = stand();
  await receive(mailTo('oss-security@lists.example'), ports, now);
  assert.deepEqual([inserted.private.length, sealed.length], [0, 0]);
  assert.deepEqual(inserted.public[0]?.lists, ['oss-security']);
  assert.match(Buffer.from(inserted.public[0]?.raw ?? []).toString(), /secret/);
});

test("mail to postmaster, abuse and owners is private mail, even a public list's owner", async () => {
  for (const to of ['postmaster@lists.example', 'abuse@lists.example', 'oss-security-owner@lists.example']) {
    const { ports, inserted } = stand();
    await receive(mailTo(to), ports, now);
    assert.deepEqual([inserted.public.length, inserted.private[0]?.lists], [0, ['distros']], to);
  }
  const { ports, inserted } = stand();
  await receive(mailTo('linux-distros-owner@lists.example'), ports, now);
  assert.deepEqual(inserted.private[0]?.lists, ['linux-distros']);
});

test('full disk, failed database and failed sealing are told apart, and nothing counts as accepted', async () => {
  const failing = (code: string) =>
    stand(doors, {
      store: {
        insertPrivate: async () => {
          throw Object.assign(new Error('no'), { code });
        },
        insertPublic: async () => undefined,
      },
    }).ports;
  const mail = mailTo('distros@lists.example');
  assert.deepEqual(await receive(mail, failing('53100'), now), { kind: 'not-now', reason: 'storage-full' });
  assert.deepEqual(await receive(mail, failing('ENOSPC'), now), { kind: 'not-now', reason: 'storage-full' });
  assert.deepEqual(await receive(mail, failing('57P01'), now), { kind: 'not-now', reason: 'storage-failed' });
  const unsealed = stand(doors, { sealAtDoor: () => Promise.reject(new Error('expired')) });
  assert.deepEqual(await receive(mail, unsealed.ports, now), { kind: 'not-now', reason: 'sealing-failed' });
  assert.equal(unsealed.inserted.private.length, 0);
});

test('a door whose keys were replaced meanwhile is read again, and the mail sealed to the new one (K6)', async () => {
  const fresh = privateDoor('distros', '2026-11.02');
  const epochs: string[] = [];
  let known: readonly DoorRow[] = doors;
  const { ports, sealed } = stand(doors, {
    doors: () => trustDoors(known, word.verify, undefined),
    refreshDoors: async () => {
      known = [fresh, publicDoor];
    },
    store: {
      insertPrivate: async ({ epoch }) => {
        epochs.push(epoch);
        if (epoch !== fresh.epoch) throw Object.assign(new Error('no such epoch'), { code: '23503' });
      },
      insertPublic: async () => undefined,
    },
  });
  const mail = mailTo('distros@lists.example');
  assert.equal((await receive(mail, ports, now)).kind, 'accepted');
  assert.deepEqual(epochs, ['2026-11', '2026-11.02']);
  assert.equal(sealed.length, 2);
  known = doors;
  const still = { ...ports, refreshDoors: async () => undefined };
  assert.deepEqual(await receive(mail, still, now), { kind: 'not-now', reason: 'no-door' });
});

test('without trusted doors nothing is taken', async () => {
  const mail = mailTo('distros@lists.example');
  assert.deepEqual(await receive(mail, stand([]).ports, now), { kind: 'not-now', reason: 'no-door' });
  const unknown = stand(doors, { doors: () => undefined });
  assert.deepEqual(await receive(mail, unknown.ports, now), { kind: 'not-now', reason: 'no-door' });
});

test('RCPT: every well-formed address of a known list is ours, whether its case exists or not (R8)', () => {
  const trusted = trustDoors(doors, word.verify, undefined);
  const token = 'a'.repeat(26);
  const kindOf = (text: string) => readRecipient(text, domain, trusted).kind;
  for (const local of [
    'linux-distros',
    'LINUX-Distros',
    'linux-distros+vs-2026-0001',
    'linux-distros+vs-1999-999999.team',
    `linux-distros+bounce-${token}`,
    `distros+held-${token}`,
    'distros-owner',
    'postmaster',
  ]) {
    assert.equal(kindOf(`${local}@lists.example`), 'ours', local);
  }
  assert.equal(kindOf('Postmaster'), 'ours');
  assert.equal(kindOf('linux-distros@LISTS.example'), 'ours');
  assert.equal(kindOf('nothing@lists.example'), 'unknown');
  assert.equal(kindOf('linux-distros+other@lists.example'), 'unknown');
  assert.equal(kindOf('linux-distros+bounce-short@lists.example'), 'unknown');
  assert.equal(kindOf('linux-distros@elsewhere.example'), 'relay');
  assert.equal(kindOf('linux-distros@sub.lists.example'), 'relay');
  assert.equal(kindOf('linux distros@lists.example'), 'malformed');
  assert.equal(readRecipient('distros@lists.example', domain, undefined).kind, 'no-doors');
});

test('doors: a forged, altered, repeated or older row is ignored and named', () => {
  const genuine = privateDoor('distros', '2026-11');
  const other = keyholderWord().door({ ...genuine, list: 'forged' });
  const altered = { ...privateDoor('altered'), storageCertificate: Buffer.from('mine') };
  const first = trustDoors([genuine, other, altered, genuine], word.verify, undefined);
  assert.deepEqual(first.rows, [genuine]);
  assert.deepEqual(first.rejected, [
    { list: 'forged', reason: 'signature' },
    { list: 'altered', reason: 'signature' },
    { list: 'distros', reason: 'repeated' },
  ]);
  const older = trustDoors([privateDoor('distros', '2026-10')], word.verify, first);
  assert.deepEqual(older, { rows: [], rejected: [{ list: 'distros', reason: 'older-epoch' }] });
  const newer = trustDoors([privateDoor('distros', '2026-12')], word.verify, first);
  assert.equal(newer.rows.length, 1);
  const bare = word.door({ ...genuine, storageCertificate: new Uint8Array() });
  assert.equal(trustDoors([bare], word.verify, undefined).rejected[0]?.reason, 'no-storage-certificate');
});
