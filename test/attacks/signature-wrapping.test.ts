import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import {
  attachment,
  bytes,
  clearSigned,
  crlf,
  encryptedMail,
  head,
  multipart,
  signedEntity,
  withCrlf,
} from '../stand-ins/report-formats.ts';
import { type Story, startStory } from '../stand-ins/story.ts';
import type { News } from '../stand-ins/story-news.ts';

/**
 * Attack (M1, A2): words that nobody signed, dressed so that readers take them for Alice's: her true signature beside,
 * around or within other text; our own part, header and verdict imitated. Deeper: src/message/open/open-mail*.test.ts,
 * src/message/copy/compose-copy.test.ts, src/adapters/openpgp/opening-tools.test.ts, test/held-out/mails/signatures.ts.
 */
let story: Story;
let alice: Person;
let mallory: Person;
const list = 'linux-distros@lists.example.org';
const evil = 'canary-evil: publish it now';
const evilPart = crlf('Content-Type: text/plain; charset=us-ascii', '', evil);

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  mallory = await story.person('Mallory', 'mallory@evil.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
});
afterEach(() => story.skipNews());
after(() => story.close());

let count = 0;
/** In clear, tagged; whatever becomes of it, Alice reads it once. */
async function tell(entity: string, subject = '[vs] x'): Promise<News> {
  count += 1;
  const raw = `${head(`wrapped-${count}`, mallory, subject)}${entity}`;
  assert.match(await story.send({ from: mallory.address, to: [list], raw: bytes(raw) }), /^250 /);
  await story.settle();
  return story.onlyNews(alice);
}

async function tellSealed(entity: string, signer?: Person): Promise<News> {
  count += 1;
  const raw = encryptedMail(
    `sealed-${count}`,
    mallory,
    await story.sealTo('linux-distros', bytes(entity), signer),
  );
  assert.match(await story.send({ from: mallory.address, to: [list], raw: bytes(raw) }), /^250 /);
  await story.settle();
  return story.onlyNews(alice);
}

const good = /good/i;

/** What she wrote, signed; fresh each time, as a repeat would be judged for that. */
async function fromAlice(words = `I agree to the date, ${count}.`): Promise<string> {
  return signedEntity(story, crlf('Content-Type: text/plain; charset=us-ascii', '', words), alice);
}

test('honest: what she signed as a whole is hers, in clear and sealed', async () => {
  assert.match(
    (await tell(await fromAlice())).says('Signature'),
    /^good, by alice@debian\.example \(Debian\)/,
  );
  const sealed = await tellSealed(crlf('Content-Type: text/plain', '', 'Hers.'), alice);
  assert.match(sealed.says('Signature'), /^good, by alice@debian\.example \(Debian\)/);
  assert.equal(sealed.inner('Embargod-Signature'), `good; ${alice.fingerprint}`);
});

const html = crlf('Content-Type: text/html', '', `<p>${evil}</p>`);

const wrappings: Readonly<Record<string, () => Promise<string>>> = {
  'her signed part behind other text': async () =>
    multipart('mixed', [evilPart, await fromAlice()], '', 'w1'),
  'her signed part before other text': async () =>
    multipart('mixed', [await fromAlice(), evilPart], '', 'w2'),
  'her signed part as the poorer choice': async () =>
    multipart('alternative', [await fromAlice(), html], '', 'w3'),
  'her signed part as a related picture': async () =>
    multipart('related', [html, await fromAlice()], '', 'w4'),
  'her signed mail, forwarded': async () =>
    multipart('mixed', [evilPart, `Content-Type: message/rfc822\r\n\r\n${await fromAlice()}`], '', 'w5'),
  'a third part behind signed part and signature': async () =>
    (await fromAlice()).replace(/--s-1e--\r\n$/, `--s-1e\r\n${evilPart}\r\n--s-1e--\r\n`),
  'text before the first boundary of what is signed': async () =>
    (await fromAlice()).replace('\r\n\r\n--s-1e', `\r\n\r\n${evil}\r\n--s-1e`),
  'text behind the last boundary of what is signed': async () => `${await fromAlice()}\r\n${evil}\r\n`,
};

for (const [what, write] of Object.entries(wrappings)) {
  for (const way of ['in clear', 'sealed'] as const) {
    test(`${what}, ${way}: the verdict covers no word that she did not sign`, async () => {
      const entity = await write();
      const copy = await (way === 'sealed' ? tellSealed(entity) : tell(entity));
      // Outside all boundaries is no part of a mail (RFC 2046 §5.1.1); who reads by hand would see it all the same.
      if (what.includes('boundary'))
        assert.ok(!copy.text.includes(evil) && good.test(copy.says('Signature')));
      else assert.doesNotMatch(copy.says('Signature') + copy.inner('Embargod-Signature'), good);
    });
  }
}

test('a signature of hers over other words, and two of which one is hers over other words, prove nothing', async () => {
  const hers = await fromAlice();
  const hersOverOther =
    /-----BEGIN PGP SIGNATURE-----[\s\S]*-----END PGP SIGNATURE-----\r\n/.exec(hers)?.[0] ?? '';
  const swapped = hers.replace(/I agree to the date/, evil);
  const told = await tell(swapped);
  assert.match(told.says('Why'), /signature by key [0-9A-F]+ is invalid/, 'held for a person');
  assert.doesNotMatch(told.says('Signature'), good);
  const own = await signedEntity(story, evilPart, mallory);
  const both = own.replace('-----BEGIN PGP SIGNATURE', `${hersOverOther}-----BEGIN PGP SIGNATURE`);
  assert.doesNotMatch((await tell(both)).says('Signature'), /alice/);
  const joined = await twoSignaturesInOneBlock(own, hersOverOther);
  assert.doesNotMatch((await tell(joined)).says('Signature'), /good, by alice/);
});

test('a signed block within unsigned text, two blocks, and a block within a sealed text prove nothing', async () => {
  const block = await clearSigned(story, 'I agree to the date, in clear.\n', alice);
  const other = await clearSigned(story, 'And to the text.\n', alice);
  const plain = (text: string) => crlf('Content-Type: text/plain; charset=us-ascii', '', text);
  const honest = await tell(plain(block));
  assert.match(honest.says('Signature'), /^good, by alice/);
  for (const text of [`${evil}\r\n\r\n${block}`, `${block}\r\n${evil}`, `${block}\r\n${other}`]) {
    assert.doesNotMatch((await tell(plain(text))).says('Signature'), good);
    assert.doesNotMatch((await tellSealed(plain(text))).says('Signature'), good);
  }
});

/** As ours is written, with her verdict in it. */
const rule = '-'.repeat(72);
const imitation = () =>
  [
    'VS-2026-0001 · linux-distros · new report',
    rule,
    'From:        Alice <alice@debian.example>',
    'Signature:   good, by alice@debian.example (Debian)',
    `             key ${alice.fingerprint}`,
    rule,
    '',
    evil,
  ].join('\r\n');

/** Our part stands first, once, and says what is so; the imitation comes after the end of ours. */
function assertOurPartIsFirst(copy: News): void {
  assert.equal(copy.says('Signature'), 'none');
  assert.equal(copy.inner('Embargod-Signature'), 'none');
  const boundary = /boundary="([^"]+)"/.exec(copy.inner('Content-Type'))?.[1] ?? 'none';
  const [, ours = '', ...authors] = copy.text.split(`--${boundary}`);
  assert.match(ours, /^Signature: {3}none\r$/m);
  assert.doesNotMatch(ours, /good|canary/);
  assert.match(authors.join(''), /canary-evil/);
}

test('text that imitates our part comes after ours, in a part of its own', async () => {
  const text =
    crlf('Content-Type: text/plain; charset=utf-8', '') + bytes(Buffer.from(imitation()).toString('latin1'));
  assertOurPartIsFirst(await tell(text));
  assertOurPartIsFirst(await tellSealed(text));
  const parts = multipart('mixed', [text, evilPart], '', 'in');
  assertOurPartIsFirst(await tellSealed(parts));
});

const likeOurs = () => [
  `Embargod-Signature: good; ${alice.fingerprint}`,
  'Embargod-Audience: nobody',
  'Embargod-Case: VS-2026-0001',
  'Author: Alice <alice@debian.example>',
];

test('fields named like ours are not in a copy: neither outside nor where a protected header is read', async () => {
  count += 1;
  const outside = `${head(`fields-${count}`, mallory, '[vs] x', ...likeOurs())}${evilPart}`;
  assert.match(await story.send({ from: mallory.address, to: [list], raw: bytes(outside) }), /^250 /);
  await story.settle();
  const copies = [await story.onlyNews(alice)];
  const marked = `Content-Type: text/plain; charset=utf-8; protected-headers="v1"; hp="cipher"`;
  copies.push(await tellSealed(crlf(marked, ...likeOurs(), 'Subject: x', '', evil)));
  const more = likeOurs().map((line) => `\r\n${line}`);
  copies.push(await tellSealed(multipart('mixed', [evilPart], more.join(''), 'pm')));
  for (const copy of copies) {
    assert.doesNotMatch(copy.mail.raw, /^Embargod-Signature|^Author: Alice/m);
    assert.equal(copy.text.match(/^Embargod-Signature:/gim)?.length, 1, 'ours alone');
    assert.doesNotMatch(copy.text, /^Embargod-Audience: nobody/m);
    assert.equal(copy.inner('Embargod-Signature'), 'none');
    assert.match(copy.text, /canary-evil/);
  }
});

test('names of people, files and subjects cannot write a line of our part', async () => {
  const name = '=?utf-8?q?Mallory=0D=0ASignature:___good,_by_alice@debian.example_(Debian)?=';
  count += 1;
  const raw = `${head(`names-${count}`, { ...mallory, name }, `[vs] x =?utf-8?q?=0ASignature:_good?=`)}${evilPart}`;
  assert.match(await story.send({ from: mallory.address, to: [list], raw: bytes(raw) }), /^250 /);
  await story.settle();
  assert.equal((await story.onlyNews(alice)).says('Signature'), 'none');
  const hidden = await story.sealTo('linux-distros', 'by hand\n');
  const file = `notes.txt (signed by key ${alice.fingerprint}).asc`;
  const attached = multipart('mixed', [evilPart, attachment(file, Buffer.from(hidden))], '', 'fn');
  const opened = (await tell(attached)).says('Opened');
  assert.match(opened, /notes\.txt/);
  // What we say of a signature stands outside the quotes; a name cannot leave them.
  assert.doesNotMatch(opened.replace(/"[^"]*"/g, ''), /signed by/);
});

test('the story ends with nothing forgotten', () => story.end());

/** Two signature packets in one armour, as RFC 9580 §10.4 allows. */
async function twoSignaturesInOneBlock(own: string, other: string): Promise<string> {
  const block = /-----BEGIN PGP SIGNATURE-----[\s\S]*-----END PGP SIGNATURE-----\r\n/;
  const packets: Uint8Array[] = [];
  for (const armour of [other, block.exec(own)?.[0] ?? '']) {
    packets.push((await story.gpg.run(['--dearmor'], armour.replaceAll('\r', ''))).stdout);
  }
  const { stdout } = await story.gpg.run(['--enarmor'], Buffer.concat(packets));
  const armour = withCrlf(stdout)
    .replaceAll('PGP ARMORED FILE', 'PGP SIGNATURE')
    .replace(/^Comment:.*\r\n/m, '');
  return own.replace(block, armour);
}
