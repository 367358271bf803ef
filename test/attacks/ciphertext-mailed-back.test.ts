import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import { day, minute } from '../../src/time/instant.ts';
import { armourIn, ciphertextOf, type Framing, reframed } from '../stand-ins/ciphertext.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import {
  attachment,
  crlf,
  encryptedMail,
  head,
  listAddress,
  multipart,
  signedEntity,
  withCrlf,
} from '../stand-ins/report-formats.ts';
import { caseAddress, type Story, startStory, teamAddress } from '../stand-ins/story.ts';

/**
 * Attack (K1): somebody who has ciphertext of others, from the wire, a relay or a stolen database, mails it to the list to
 * have it opened for themselves: as the mail, as a part of it, within their own encryption; as the reporter of a case, as
 * its guest, as a former member. Deeper: src/message/judge/rules.test.ts, src/message/open/, src/adapters/openpgp/.
 */
let story: Story;
let alice: Person;
let fred: Person;
let robin: Person;
let gus: Person;
let carol: Person;
let number: string;
/** What had been sent to the list, as a relay saw it. */
let report: string;
let toTheTeam: string;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory({ lists: ['linux-distros', 'distros'] });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  fred = await story.person('Fred', 'fred@freebsd.example', 'ed25519');
  robin = await story.person('Robin', 'robin@researcher.example', 'ed25519');
  gus = await story.person('Gus', 'gus@upstream.example', 'ed25519');
  carol = await story.person('Carol', 'carol@arch.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('Arch', 'linux-distros', carol);
  await story.join('FreeBSD', 'distros', fred);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  await story.order({ kind: 'administrator-add', list: 'distros', address: address(fred.address) });
  report = await sealed('canary-report', robin, robin);
  await deliver(list, encryptedMail('report', robin, report, '[vs] libfoo'));
  [number = ''] = await story.cases();
  const certificate = await story.publicKey(gus);
  await story.order({ kind: 'guest-add', caseNumber: number, address: address(gus.address), certificate });
  await story.order({ kind: 'representative-suspend', member: 'Arch', address: address(carol.address) });
  story.pass(day + 1);
  toTheTeam = await sealed('canary-team', alice);
  await deliver(teamAddress(number), encryptedMail('team', alice, toTheTeam));
  story.skipNews();
});
afterEach(() => story.skipNews());
after(() => story.close());

test('honest: what a member signs for everybody, its participants read', async () => {
  await deliver(caseAddress(number), encryptedMail('all', alice, await sealed('canary-all', alice)));
  assert.match((await story.onlyNews(robin)).text, /canary-all/);
  assert.match((await story.onlyNews(gus)).text, /canary-all/);
});

type Shape = (armour: string, attacker: Person, id: string) => Promise<string>;

/** Each depth at which ciphertext can lie. */
const shapes: Readonly<Record<string, Shape>> = {
  'as the mail': async (armour, attacker, id) => encryptedMail(id, attacker, armour),
  'as the text of the mail': async (armour, attacker, id) =>
    `${head(id, attacker, 'Re: libfoo', 'Content-Type: text/plain')}\r\n${withCrlf(Buffer.from(armour))}`,
  'as an attachment of a signed mail': async (armour, attacker, id) =>
    `${head(id, attacker, 'Re: libfoo')}${await signedEntity(story, withAttached(armour), attacker)}`,
  'within their own encryption': async (armour, attacker, id) => {
    const own = await story.sealTo('linux-distros', withAttached(armour), attacker);
    return encryptedMail(id, attacker, own);
  },
  'as a forwarded mail within their own encryption': async (armour, attacker, id) => {
    const forwarded = `Content-Type: message/rfc822\r\n\r\n${encryptedMail(`${id}-inner`, robin, armour)}`;
    const entity = multipart('mixed', [crlf('Content-Type: text/plain', '', 'See.'), forwarded], '', 'fw');
    return encryptedMail(id, attacker, await story.sealTo('linux-distros', entity, attacker));
  },
  'as the whole of their own encryption': async (armour, attacker, id) =>
    encryptedMail(id, attacker, await story.sealTo('linux-distros', armour, attacker)),
};

for (const [shape, write] of Object.entries(shapes)) {
  test(`${shape}, nobody but members has the ciphertext of others opened`, async () => {
    for (const [what, armour] of Object.entries({ report, toTheTeam })) {
      for (const attacker of [robin, gus, carol]) {
        // Who wrote the report may have it back.
        if (attacker === robin && what === 'report') continue;
        const id = `${what}-${attacker.name}-${randomBytes(4).toString('hex')}`;
        const raw = await write(armour, attacker, id);
        await post(caseAddress(number), raw.replace(`To: ${listAddress}`, `To: ${caseAddress(number)}`));
      }
    }
    await story.settle();
    assert.doesNotMatch(await learned(robin), /canary-team/);
    assert.doesNotMatch(await learned(gus), /canary-(team|report)/);
    assert.doesNotMatch(await learned(carol), /canary/);
    story.skipNews();
  });
}

test('a report taken off the wire and sent on into the attacker’s own case is read by members only', async () => {
  const writers = [undefined, await story.person('Rita', 'rita@researcher.example', 'ed25519')];
  for (const [index, writer] of writers.entries()) {
    const fresh = await sealed(`canary-fresh-${index}`, writer, writer);
    await deliver(caseAddress(number), encryptedMail(`stolen-${index}`, gus, fresh));
    const copies = await story.news(alice);
    assert.ok(
      copies.some(({ text }) => text.includes(`canary-fresh-${index}`)),
      'nothing is swallowed: the members have it',
    );
    assert.match(copies.map((copy) => copy.says('Note')).join(' '), /sealed.*nobody on this case signed/);
    assert.doesNotMatch(`${await learned(gus)}${await learned(robin)}`, /canary/);
  }
});

test('what a member sealed for the team, and whose header says so, is not sent on to the participants', async () => {
  const text = [
    'Content-Type: text/plain; charset=utf-8; protected-headers="v1"',
    `To: ${teamAddress(number)}`,
    'Subject: Re: libfoo',
    '',
    'canary-readdressed',
    '',
  ].join('\r\n');
  const armour = await story.sealTo('linux-distros', text, alice);
  await post(caseAddress(number), encryptedMail('readdressed', alice, armour));
  await story.settle();
  assert.match((await story.news(alice)).map((copy) => copy.text).join(), /canary-readdressed/);
  assert.doesNotMatch(`${await learned(gus)}${await learned(robin)}`, /canary/);
});

test('another list’s administrators are not shown what a case of this one holds', async () => {
  for (const to of ['distros@lists.example.org', 'distros-owner@lists.example.org']) {
    for (const [shape, write] of Object.entries(shapes)) {
      await post(to, await write(report, fred, `other-${shape.replaceAll(' ', '-')}`));
    }
    for (const [index, dress] of (await inOtherFrames(report)).entries()) {
      await post(to, encryptedMail(`framed-${index}`, fred, dress));
    }
  }
  await story.settle();
  const told = await story.news(fred);
  assert.ok(told.length > 0, 'they are told that something waits');
  for (const { text } of told) assert.doesNotMatch(text, /canary/);
  assert.ok(
    told.every(({ text }) => !text.includes(number)),
    'nor which case it is',
  );
});

test('what the list itself sent or stored opens for nobody when it is mailed back', async () => {
  const sent = story.mailFor(alice.address).map((mail) => armourIn(mail.raw))[0] ?? '';
  const [stored] = await story.query('SELECT sealed FROM inbox ORDER BY received_at LIMIT 1');
  const [row] = await story.query(
    `SELECT o.head, t.bytes, o.checksum FROM outbox o JOIN body_tails t
       ON t.body_id = o.body_id AND t.alignment = o.alignment WHERE o.recipient = $1 LIMIT 1`,
    [alice.address],
  );
  const body = `-----BEGIN PGP MESSAGE-----\n\n${row?.head}${row?.bytes}${row?.checksum}\n-----END PGP MESSAGE-----\n`;
  const sealedMail = Buffer.from(stored?.sealed as Uint8Array);
  const armoured = (await story.gpg.run(['--enarmor'], sealedMail)).stdout;
  const inbox = Buffer.from(armoured).toString().replaceAll('PGP ARMORED FILE', 'PGP MESSAGE');
  for (const [index, armour] of [sent, body, inbox].entries()) {
    for (const [shape, write] of Object.entries(shapes)) {
      await post(caseAddress(number), await write(armour, gus, `own-${index}-${shape.replaceAll(' ', '-')}`));
    }
  }
  await story.settle();
  for (const reader of [alice, robin, gus]) assert.doesNotMatch(await learned(reader), /canary/);
});

test('the story ends with nothing forgotten', () => story.end());

/** Text that compression does not shorten: in pieces, the first has at least 512 octets. */
async function sealed(canary: string, signer?: Person, enclose?: Person): Promise<string> {
  const text = crlf('Content-Type: text/plain', '', canary, randomBytes(1_000).toString('base64url'));
  const key =
    crlf('Content-Type: application/pgp-keys', '') + (enclose ? await story.publicKey(enclose) : '');
  const entity = enclose ? multipart('mixed', [text, key], '', 'k') : text;
  return story.sealTo('linux-distros', entity, signer);
}

/** The same ciphertext, as bytes that no digest over them would know again. */
async function inOtherFrames(armour: string): Promise<readonly string[]> {
  const parts = await ciphertextOf(armour, story.gpg);
  const framings: readonly Framing[] = ['long-length', 'in-pieces'];
  return Promise.all(framings.map((framing) => reframed(parts, framing, story.gpg)));
}

function withAttached(armour: string): string {
  const text = crlf('Content-Type: text/plain', '', 'Can you read this?');
  return multipart('mixed', [text, attachment('report.asc', Buffer.from(armour))], '', 'at');
}

async function deliver(to: string, raw: string): Promise<void> {
  await post(to, raw.replace(`To: ${listAddress}`, `To: ${to}`));
  await story.settle();
}

async function post(to: string, raw: string): Promise<void> {
  // Else the door finds us too busy.
  story.pass(minute);
  const from = /^From: .*<(.*)>/m.exec(raw)?.[1] ?? '';
  assert.match(await story.send({ from, to: [to], raw }), /^250 /);
}

async function learned(person: Person): Promise<string> {
  return (await story.news(person)).map(({ text }) => text).join('\n');
}
