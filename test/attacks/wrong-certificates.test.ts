import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { generateKey } from 'openpgp';
import { day } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { caseAddress } from '../stand-ins/story.ts';
import { attackedList, type UnderAttack, underAttack } from '../stand-ins/under-attack.ts';

/**
 * Attack, or accident: certificates that are expired, revoked, weak, of version 6, able to sign only, secret, too many, of
 * somebody else, or dressed as the list's own or a member's: given to the operator for a reader, or enclosed by a reporter.
 * None is sealed to, none makes anybody somebody. Deeper: `certificate-use.test.ts` (what each is good for, and why),
 * `opening-tools.test.ts` (what their signatures prove), `reader-keys.test.ts` (those that are good).
 */
let story: UnderAttack;
let expired: Person;
let revoked: Person;
let weak: Person;
let dsa: Person;
let signOnly = '';
let lookAlike = '';
let likeAlice: Person;
let listKey = '';

before(async () => {
  story = await underAttack();
  const listed = await story.gpg.run(['--with-colons', '--list-keys', `<${attackedList}>`]);
  listKey = /^fpr:+([0-9A-F]{40}):/m.exec(Buffer.from(listed.stdout).toString())?.[1] ?? '';
  expired = await story.person('Edna', 'edna@evil.example', 'ed25519', '1d');
  revoked = await story.person('Rhea', 'rhea@evil.example', 'ed25519');
  await revoke(revoked);
  weak = await story.person('Wim', 'wim@evil.example', 'rsa1024');
  dsa = await story.person('Dora', 'dora@evil.example', 'dsa2048');
  await story.gpg.run(['--quick-generate-key', 'Sig <sig@evil.example>', 'ed25519', 'sign', 'never']);
  signOnly = Buffer.from(await story.gpg.exportPublic('sig@evil.example', true)).toString();
  const { publicKey } = await generateKey({
    userIDs: [{ name: 'linux-distros', email: 'Linux-Distros@lists.example.org' }],
    date: new Date(story.now() - 60_000),
    format: 'armored',
  });
  lookAlike = publicKey;
  likeAlice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  story.pass(2 * day);
});
after(() => story.close());

async function revoke({ fingerprint }: Person): Promise<void> {
  const { stdout } = await story.gpg.run(
    [
      '--no-batch',
      '--command-fd',
      '0',
      '--pinentry-mode',
      'loopback',
      '--armor',
      '--gen-revoke',
      fingerprint,
    ],
    'y\n0\n\ny\n',
  );
  await story.gpg.importKey(stdout);
}

async function version6(name = 'Vera', email = 'vera@evil.example') {
  return generateKey({ userIDs: [{ name, email }], format: 'armored', config: { v6Keys: true } });
}

const armoured = (person: Person) => story.publicKey(person);

const refusals: Readonly<Record<string, readonly [() => Promise<string>, RegExp]>> = {
  'an expired one': [() => armoured(expired), /expired/],
  'a revoked one': [() => armoured(revoked), /revoked/],
  'one of RSA-1024': [() => armoured(weak), /weak/],
  'one of DSA and ElGamal': [() => armoured(dsa), /weak/],
  'one of version 6': [async () => (await version6()).publicKey, /unsupported-version/],
  'one that can only sign': [async () => signOnly, /no-encryption-key/],
  'a secret key': [
    async () =>
      Buffer.from(
        (await story.gpg.run(['--armor', '--export-secret-keys', story.robin.fingerprint])).stdout,
      ).toString(),
    /secret key|private key/,
  ],
  'two in one file': [
    async () => `${await armoured(story.robin)}\n${await armoured(expired)}`,
    /2 certificates/,
  ],
  'none at all': [async () => 'Dear operator, find my key attached.', /No OpenPGP public key/],
  'one that bears a list’s address': [async () => lookAlike, /key of one of our lists/],
};

/** What the operator hears, from the command line already or from the keyholder. */
async function refusal(certificate: string): Promise<string> {
  try {
    const answer = await story.ask({
      kind: 'representative-add',
      member: 'SUSE',
      address: address('new@suse.example'),
      certificate,
    });
    return answer.kind === 'refused' ? answer.reason : 'accepted';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

for (const [name, [make, why]] of Object.entries(refusals)) {
  test(`for a reader, ${name}: refused with the reason, and the roster is as it was`, async () => {
    const before = JSON.stringify((await story.order({ kind: 'member-list' })).data);
    const answer = await refusal(await make());
    assert.match(answer, why);
    assert.equal(JSON.stringify((await story.order({ kind: 'member-list' })).data), before);
  });
}

/** A report whose author signs as `signer` and encloses a key; what a member reads of it, and its case. */
async function report(signer: Person, enclosed: string) {
  story.skipNews();
  const from = `${signer.name} <${signer.address}>`;
  const inside = [
    'Content-Type: multipart/mixed; boundary="in"; protected-headers="v1"\r\nSubject: libfoo\r\n',
    '--in\r\nContent-Type: text/plain\r\n\r\ncanary-report\r\n',
    `--in\r\nContent-Type: application/pgp-keys; name="key.asc"\r\n\r\n${enclosed}\r\n--in--\r\n`,
  ].join('\r\n');
  const sign = [
    '--ignore-time-conflict',
    '--faked-system-time',
    `${Math.floor(story.now() / 1000)}!`,
    '--allow-weak-key-signatures',
    '--sign',
    '-u',
    signer.fingerprint,
  ];
  const sealed = await story.gpg.run(['--armor', ...sign, '-r', listKey, '--encrypt'], inside);
  // Who has an expired or revoked key can no longer sign by gpg; the attacker then leaves the signature out.
  const armour =
    sealed.code === 0 ? Buffer.from(sealed.stdout).toString() : await story.sealTo('linux-distros', inside);
  const known = await story.cases();
  await story.attack(`From: ${from}\r\nTo: ${attackedList}\r\nSubject: ...\r\n\r\n${armour}`);
  const opened = (await story.cases()).find((number) => !known.includes(number));
  return {
    opened,
    signed: sealed.code === 0,
    members: await story.news(story.bob),
    held: await story.news(story.alice),
  };
}

/** Whether members' words in the case reach that address. */
async function hears(number: string, mailbox: string): Promise<boolean> {
  const before = story.mailFor(mailbox).length;
  await story.tell({
    from: story.bob,
    to: caseAddress(number),
    subject: 'Re: libfoo',
    body: 'canary-answer',
    seal: 'linux-distros',
    signer: story.bob,
  });
  return story
    .mailFor(mailbox)
    .slice(before)
    .some(({ raw }) => raw.includes('BEGIN PGP MESSAGE'));
}

const unusable: Readonly<Record<string, () => Person>> = {
  expired: () => expired,
  revoked: () => revoked,
  'of RSA-1024': () => weak,
  'of DSA and ElGamal': () => dsa,
};

for (const [name, who] of Object.entries(unusable)) {
  test(`a report that encloses a certificate that is ${name}: read or held, and nothing is ever sealed to it`, async () => {
    const { opened, members, held } = await report(who(), await armoured(who()));
    assert.ok(
      members.length > 0 || held.some((one) => one.says('Why') !== ''),
      'the report is before somebody',
    );
    for (const copy of members) assert.doesNotMatch(copy.says('Signature'), /^good/);
    if (opened !== undefined) assert.equal(await hears(opened, who().address), false);
  });
}

test('a report that encloses a certificate of version 6 is read, and nothing is sealed to it', async () => {
  const vera = { ...story.robin, name: 'Vera', address: 'vera@evil.example' };
  const { opened = '', members } = await report(vera, (await version6()).publicKey);
  assert.match(members[0]?.text ?? '', /canary-report/);
  assert.equal(await hears(opened, vera.address), false);
});

test('a report that encloses somebody else’s certificate: it is not pinned, as it did not sign (A1)', async () => {
  const mallory = await story.person('Mallory', 'mallory@evil.example', 'ed25519');
  const { opened = '', members } = await report(mallory, await armoured(expired));
  assert.match(members[0]?.says('Signature') ?? '', /do not know|unknown/);
  assert.equal(await hears(opened, mallory.address), false);
});

test('a certificate that bears the list’s address, enclosed and signing: its owner is a reporter, not the list', async () => {
  const impostor = await story.person('linux-distros', 'linux-distros@lists.example.org', 'ed25519');
  const { members, held } = await report(impostor, await armoured(impostor));
  // From the story's keyring, where whoever asks for the list's address would get either.
  await story.gpg.run(['--delete-secret-and-public-key', impostor.fingerprint]);
  assert.ok(members.length + held.length > 0, 'somebody reads it');
  for (const copy of [...members, ...held].filter((one) => one.says('Why') === '')) {
    assert.match(copy.says('Signature'), new RegExp(impostor.fingerprint), 'named by its own fingerprint');
    assert.doesNotMatch(copy.says('Signature'), /\(.*(Debian|SUSE).*\)|the list/);
  }
});

test('a certificate that bears a member’s name and address, enclosed: no member is thought to have written', async () => {
  const { members } = await report(likeAlice, await armoured(likeAlice));
  const [copy] = members;
  assert.ok(copy);
  assert.doesNotMatch(copy.says('Signature'), /Debian/);
  const honest = await report(story.alice, await armoured(story.alice));
  assert.match(honest.members[0]?.says('Signature') ?? '', /Debian/, 'the true Alice is told from her');
});

test('honest reports are served as before', async () => {
  await story.stillServes();
  await story.end();
});
