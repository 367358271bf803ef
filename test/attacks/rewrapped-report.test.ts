import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ciphertextOf } from '../stand-ins/ciphertext.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { vouchingFor } from '../stand-ins/mail-resolver.ts';
import { ownReader } from '../stand-ins/own-reader.ts';
import { attachment, crlf, encryptedMail, multipart } from '../stand-ins/report-formats.ts';
import { caseAddress, type Story, startStory } from '../stand-ins/story.ts';

/**
 * Attack (A1): another's sealed report, with the attacker's From, Autocrypt and keys put around it, before or after the
 * original, to be taken for its reporter; and follow-ups with a new key, to be written to instead. Deeper:
 * src/message/open/enclosed-certificates.test.ts, src/message/letter/recognise-signer.test.ts, ciphertext-mailed-back.test.ts.
 */
let story: Story;
let alice: Person;
let robin: Person;
let mallory: Person;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory({ resolver: vouchingFor('researcher.example', 'evil.example') });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  robin = await story.person('Robin', 'robin@researcher.example', 'ed25519');
  mallory = await story.person('Mallory', 'mallory@evil.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
});
afterEach(() => story.skipNews());
after(() => story.close());

/** All that the attacker has been sent, as their own key opens it; mail for another's key is nothing to them. */
async function mallorysMail(): Promise<string> {
  const reader = await ownReader(story, [mallory.fingerprint]);
  try {
    const read: string[] = [];
    for (const mail of story.mailFor(mallory.address)) {
      read.push(mail.raw, Buffer.from((await reader.gpg.decrypt(mail.raw)).stdout).toString());
    }
    return read.join('\n');
  } finally {
    await reader.remove();
  }
}

async function sealedReport(canary: string, signer?: Person): Promise<string> {
  const text = crlf('Content-Type: text/plain', '', canary);
  const key = `${crlf('Content-Type: application/pgp-keys', '')}${await story.publicKey(robin)}`;
  return story.sealTo('linux-distros', multipart('mixed', [text, key], '', 'r'), signer);
}

/** The attacker's dress around it: Autocrypt outside, their key attached beside and in a header. */
async function dressed(armour: string, id: string): Promise<readonly string[]> {
  const key = Buffer.from(await story.gpg.exportPublic(mallory.fingerprint));
  const autocrypt = `Autocrypt: addr=${mallory.address}; prefer-encrypt=mutual; keydata=${key.toString('base64')}`;
  const plain = encryptedMail(id, mallory, armour);
  const withHeader = plain.replace('MIME-Version', `${autocrypt}\r\nMIME-Version`).replace(id, `${id}-h`);
  const inner = plain.slice(plain.indexOf('Content-Type: multipart/encrypted'));
  const keyPart = attachment('key.asc', Buffer.from(await story.publicKey(mallory)), 'application/pgp-keys');
  const header = withHeader.slice(0, withHeader.indexOf('Content-Type:')).replace(id, `${id}-k`);
  return [withHeader, `${header}${multipart('mixed', [inner, keyPart], '', 'around')}`];
}

async function send(raw: string, from = mallory.address, to = list): Promise<void> {
  assert.match(await story.send({ from, to: [to], raw: raw.replace(/^To: .*/m, `To: ${to}`) }), /^250 /);
  await story.settle();
}

const answered = new Set<string>();

/** Members answer in every case that is new; whom that reaches is the point. */
async function membersAnswerEverywhere(canary: string): Promise<void> {
  for (const number of await story.cases()) {
    if (answered.has(number)) continue;
    answered.add(number);
    const reply = { from: alice, to: caseAddress(number), subject: 'Re: it', body: `${canary} ${number}` };
    await story.tell({ ...reply, seal: 'linux-distros', signer: alice });
  }
}

for (const when of ['after', 'before'] as const) {
  for (const signer of ['signed', 'unsigned'] as const) {
    test(`${when} the original, ${signer}: the attacker is sealed nothing, and the original is read`, async () => {
      const canary = `canary-${when}-${signer}`;
      const armour = await sealedReport(canary, signer === 'signed' ? robin : undefined);
      const original = encryptedMail(`original-${when}-${signer}`, robin, armour);
      const stolen = await dressed(armour, `stolen-${when}-${signer}`);
      if (when === 'after') await send(original, robin.address);
      for (const raw of stolen) await send(raw);
      if (when === 'before') await send(original, robin.address);
      const copies = await story.news(alice);
      const read = copies.map(({ text }) => text).join('\n');
      if (when === 'before' && signer === 'signed') {
        const note = copies.map((copy) => copy.says('Note')).join(' ');
        assert.match(
          note,
          /came from mallory@evil\.example, an address that the key which signed it does not name/,
        );
      }
      assert.match(read, new RegExp(canary), 'the members or their administrators have it');
      for (const id of await story.inbox('held')) {
        await story.order({ kind: 'held-pass', id, reason: 'whoever sent it' });
      }
      await story.settle();
      await membersAnswerEverywhere(`canary-answer-${when}-${signer}`);
      assert.doesNotMatch(await mallorysMail(), /canary/);
    });
  }
}

test('honest: Robin, whose key lay inside and signed, is answered in a case of Robin’s', async () => {
  await send(encryptedMail('honest', robin, await sealedReport('canary-honest', robin)), robin.address);
  const number = (await story.cases()).at(-1) ?? '';
  story.skipNews();
  const reply = { from: alice, to: caseAddress(number), subject: 'Re: it', body: 'canary-to-robin' } as const;
  await story.tell({ ...reply, seal: 'linux-distros', signer: alice });
  assert.match((await story.onlyNews(robin)).text, /canary-to-robin/);
});

test('a packet of the attacker’s own around the original’s body opens nothing for them', async () => {
  const armour = await sealedReport('canary-packet', robin);
  const { sessionKeys, data } = await ciphertextOf(armour, story.gpg);
  const own = await ciphertextOf(
    Buffer.from(await story.gpg.encrypt('x', [mallory.address], ['--armor'])).toString(),
    story.gpg,
  );
  assert.ok(data.length > 0 && sessionKeys.length > 0);
  const header = Buffer.of(0xd2, 255, 0, 0, data.length >> 8, data.length & 0xff);
  const joined = Buffer.concat([own.sessionKeys, sessionKeys, header, data]);
  const { stdout } = await story.gpg.run(['--enarmor'], joined);
  const again = Buffer.from(stdout).toString().replaceAll('PGP ARMORED FILE', 'PGP MESSAGE');
  await send(encryptedMail('packet', mallory, again));
  assert.match((await story.onlyNews(alice)).text, /canary-packet/);
  await membersAnswerEverywhere('canary-answer-packet');
  assert.doesNotMatch(await mallorysMail(), /canary/);
});

test('a follow-up under Robin’s name with a new key, signed by it or not, changes nothing', async () => {
  await send(encryptedMail('pinned', robin, await sealedReport('canary-pinned', robin)), robin.address);
  const number = (await story.cases()).at(-1) ?? '';
  story.skipNews();
  const followUp = {
    from: `Robin <${robin.address}>`,
    mailFrom: robin.address,
    subject: 'Re: my new key',
    body: 'canary-new-key: please use this from now on',
    seal: 'linux-distros',
    enclose: mallory,
  } as const;
  const keydata = Buffer.from(await story.gpg.exportPublic(mallory.fingerprint)).toString('base64');
  for (const to of [caseAddress(number), list]) {
    for (const signer of [undefined, mallory]) {
      const fields = [
        `In-Reply-To: <pinned@mail.example>`,
        `Autocrypt: addr=${robin.address}; keydata=${keydata}`,
      ];
      await story.tell({ ...followUp, to, fields, ...(signer ? { signer } : {}) });
      const copy = (await story.news(alice)).find(({ text }) => text.includes('canary-new-key'));
      assert.ok(copy, 'the members have it');
      assert.doesNotMatch(copy.says('Signature'), /reporter/);
      const marked = signer ? /nobody vouches|do not know/ : /not signed: nothing proves who wrote it/;
      assert.match(`${copy.says('Note')} ${copy.says('Signature')}`, marked);
    }
  }
  story.skipNews();
  const reply = { from: alice, to: caseAddress(number), subject: 'Re: it', body: 'canary-still' } as const;
  await story.tell({ ...reply, seal: 'linux-distros', signer: alice });
  // `onlyNews` fails when a copy is wrapped to any key but the reader's own.
  assert.match((await story.onlyNews(robin)).text, /canary-still/);
  assert.doesNotMatch(await mallorysMail(), /canary/);
});

test('the story ends with nothing forgotten', () => story.end());
