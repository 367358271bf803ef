import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address } from '../stand-ins/community.ts';
import { type FoundedList, foundedList, type Person } from '../stand-ins/founded-list.ts';
import type { KeyKind } from '../stand-ins/gnupg.ts';
import { type OwnReader, ownReader } from '../stand-ins/own-reader.ts';
import { attachment, bytes, crlf, encryptedMail, multipart } from '../stand-ins/report-formats.ts';

/**
 * One list, its readers with keys of every kind that the field uses (R7), all made by gpg. Each reads their copy with
 * that key alone: a GnuPG home of its own with one secret key, or one encryption subkey of it.
 */
const kinds: readonly Readonly<{ kind: KeyKind; name: string; member: string }>[] = [
  { kind: 'rsa2048', name: 'Ria', member: 'Debian' },
  { kind: 'rsa4096', name: 'Rolf', member: 'Debian' },
  { kind: 'ed25519', name: 'Edda', member: 'SUSE' },
  { kind: 'nistp256', name: 'Nils', member: 'SUSE' },
  { kind: 'nistp521', name: 'Nora', member: 'Gentoo' },
  { kind: 'brainpoolP256r1', name: 'Bea', member: 'Gentoo' },
  { kind: 'brainpoolP512r1', name: 'Bert', member: 'Gentoo' },
];
const entity = multipart('mixed', [
  crlf('Content-Type: text/plain', '', 'libfoo 2.3 writes past its heap.'),
  // Long enough that its armour ends in each alignment for some reader.
  attachment('fix.tar.xz', Buffer.from(Array.from({ length: 50_000 }, (_, index) => (index * 7919) % 256))),
]);

let list: FoundedList;
const people = new Map<string, Person>();
const opened: OwnReader[] = [];
let twice: Readonly<{ address: string; fingerprints: readonly string[] }>;

before(async () => {
  list = await foundedList();
  for (const { kind, name, member } of kinds) {
    const person = await list.person(name, `${name.toLowerCase()}@reader.example`, kind);
    people.set(name, person);
    await list.join(member, 'linux-distros', person);
  }
  const sonja = await list.person('Sonja', 'sonja@reader.example', 'ed25519');
  await list.gpg.addEncryptionSubkey(sonja.fingerprint, 'rsa3072');
  people.set('Sonja', sonja);
  await list.join('Arch', 'linux-distros', sonja);
  const first = await list.person('Tove', 'tove@reader.example', 'brainpoolP384r1');
  const second = await list.person('Tove (office)', 'tove@reader.example', 'rsa2048');
  for (const one of [first, second]) await list.join('Arch', 'linux-distros', one);
  twice = { address: first.address, fingerprints: [first.fingerprint, second.fingerprint] };
  const ria = people.get('Ria');
  assert.ok(ria);
  const report = await list.sealTo('linux-distros', bytes(entity), ria);
  assert.match(
    await list.send({
      from: ria.address,
      to: ['linux-distros@lists.example.org'],
      raw: encryptedMail('report', ria, report),
    }),
    /^250 /,
  );
  await list.settle();
});
after(async () => {
  await Promise.all(opened.map((reader) => reader.remove()));
  await list.close();
});

/** The one copy for that address, read with these keys and no other. */
async function readWith(keys: readonly string[], mailbox: string): Promise<void> {
  const reader = await ownReader(list, keys);
  opened.push(reader);
  const [copy, ...more] = list.mailFor(mailbox);
  assert.equal(more.length, 0, 'one copy');
  const { parts, ourPart } = await reader.read(copy);
  assert.deepEqual(parts, [bytes(entity)]);
  assert.match(ourPart, /^Signature: +good, by ria@reader\.example \(Debian\)/m);
  const others = list.sink.mails().filter((mail) => mail.recipient !== mailbox);
  assert.ok(others.length > 0);
  const [other] = others;
  if (other) assert.equal(await reader.opens(other), false, "nobody's key opens another's copy");
}

for (const { kind, name } of kinds) {
  test(`${name} reads with a key of the kind ${kind}, and with nothing else at hand`, async () => {
    const person = people.get(name);
    assert.ok(person);
    await readWith([person.fingerprint], person.address);
  });
}

test('Sonja has two encryption subkeys, and either of them alone opens her copy', async () => {
  const sonja = people.get('Sonja');
  assert.ok(sonja);
  const listing = await list.gpg.run(['--with-colons', '--list-keys', sonja.fingerprint]);
  const subkeys =
    Buffer.from(listing.stdout)
      .toString()
      .match(/^sub:.*$/gm) ?? [];
  assert.equal(subkeys.length, 2);
  for (const subkey of subkeys) await readWith([`${subkey.split(':')[4]}!`], sonja.address);
});

test('Tove has two certificates for one address: one copy, which either of them alone opens', async () => {
  for (const fingerprint of twice.fingerprints) await readWith([fingerprint], twice.address);
});

test('a copy names its own reader’s keys and nobody else’s', async () => {
  const [copy] = list.mailFor('ria@reader.example');
  const packets = await list.gpg.run(['--list-packets'], bytes(copy?.raw ?? ''));
  const named = Buffer.from(packets.stdout)
    .toString()
    .match(/^:pubkey enc packet:.*keyid [0-9A-F]+$/gm);
  assert.equal(named?.length, 1);
  const [both] = list.mailFor(address(twice.address));
  const twoPackets = await list.gpg.run(['--list-packets'], bytes(both?.raw ?? ''));
  assert.equal(
    Buffer.from(twoPackets.stdout)
      .toString()
      .match(/^:pubkey enc packet:/gm)?.length,
    2,
  );
});

test("the list's own key is ed25519 with cv25519, and its user id carries the list's address", async () => {
  const listing = await list.gpg.run(['--with-colons', '--list-keys', '<linux-distros@lists.example.org>']);
  const lines = Buffer.from(listing.stdout)
    .toString()
    .split('\n')
    .map((line) => line.split(':'));
  const of = (record: string) => lines.filter(([kind]) => kind === record).map((line) => [line[3], line[16]]);
  assert.deepEqual(of('pub'), [['22', 'ed25519']]);
  assert.deepEqual(of('sub'), [['18', 'cv25519']]);
  assert.ok(lines.some(([kind, ...rest]) => kind === 'uid' && rest.join().includes('<linux-distros@')));
});
