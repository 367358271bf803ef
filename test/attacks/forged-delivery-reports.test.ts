import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { second } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/**
 * Attack (R8): delivery reports that nobody's server wrote: to return paths made up, or seen on a copy by a relay, a reader
 * or a guest. They suspend nobody, end nothing, make one task for a copy and one alarm a day, and tell none of their words.
 * Deeper: test/scenarios/bounces.test.ts, src/mail/delivery-status.ts by test/held-out/mails/machines.ts.
 */
let story: Story;
let alice: Person;
let bob: Person;
let stolen: string;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  await report('canary-report');
  stolen = (await story.onlyNews(bob)).mail.from;
  story.skipNews();
});
afterEach(() => story.skipNews());
after(() => story.close());

async function report(body: string): Promise<void> {
  const from = 'Rita <rita@researcher.example>';
  await story.tell({ from, to: list, subject: `[vs] ${body}`, body, seal: 'linux-distros' });
}

/** RFC 3464, as strangers write it. */
function deliveryReport(to: string, about: string, action = 'failed'): string {
  return [
    'From: MAILER-DAEMON@evil.example',
    `To: ${to}`,
    'Subject: canary-words [vs] returned',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="dsn"',
    '',
    '--dsn\r\nContent-Type: text/plain\r\n\r\ncanary-words\r\n',
    '--dsn\r\nContent-Type: message/delivery-status\r\n',
    `Reporting-MTA: dns; mx.evil.example\r\n\r\nFinal-Recipient: rfc822; ${about}\r\nAction: ${action}\r\nStatus: 5.1.1\r\n`,
    '--dsn--',
    '',
  ].join('\r\n');
}

async function send(to: string, raw: string, from = ''): Promise<void> {
  story.pass(second);
  assert.match(await story.send({ from, to: [to], raw }), /^250 /);
}

const tasks = async () =>
  (await story.query(`SELECT subject FROM obligations WHERE kind = 'repair-delivery' AND settled_at IS NULL`))
    .length;

const everybody = async () => {
  const members = (await story.order({ kind: 'member-list' })).text.join('\n');
  return ['alice@debian.example', 'bob@suse.example'].filter((one) =>
    new RegExp(`${one} +active`).test(members),
  );
};

test('to return paths made up: refused, no task and no alarm', async () => {
  const sunk = story.sink.mails().length;
  const lastLetter = stolen.replace(/.(?=@)/, (letter) => (letter === 'a' ? 'b' : 'a'));
  const paths = [
    `linux-distros+bounce-${'a'.repeat(26)}@lists.example.org`,
    lastLetter,
    stolen.replace('linux-distros+', 'linux-distros+').replace(/bounce-./, 'bounce-7'),
  ].filter((path) => path !== stolen);
  for (const path of paths) await send(path, deliveryReport(path, bob.address));
  await story.settle();
  assert.equal(await tasks(), 0);
  // The daily digest may fall due meanwhile; it tells that something was refused.
  const told = story.sink.mails().slice(sunk);
  assert.ok(told.length <= 1 && told.every(({ recipient }) => recipient === alice.address));
  for (const { text } of await story.news(alice)) assert.doesNotMatch(text, /canary/);
  assert.equal((await story.inbox('refused')).length, paths.length);
});

test('forty to a return path that was seen: one task, one alarm, none of its words, nobody suspended', async () => {
  for (let count = 0; count < 40; count += 1) {
    await send(stolen, deliveryReport(stolen, count % 2 ? bob.address : alice.address));
  }
  await story.settle();
  assert.equal(await tasks(), 1);
  const alarm = await story.onlyNews(alice);
  assert.match(
    alarm.says('What'),
    /^A copy to bob@suse\.example came back\.$/,
    'the row says whose it is, not the report',
  );
  assert.doesNotMatch(alarm.text, /canary/);
  assert.deepEqual(await everybody(), ['alice@debian.example', 'bob@suse.example']);
});

test('one that says "delivered", "delayed", or names a thousand, changes nothing', async () => {
  for (const action of ['delivered', 'delayed', 'relayed', 'expanded']) {
    await send(stolen, deliveryReport(stolen, bob.address, action));
  }
  const groups = Array.from(
    { length: 5_000 },
    (_, index) => `\r\nFinal-Recipient: rfc822; r${index}@x.example\r\nAction: failed\r\n`,
  );
  await send(
    stolen,
    deliveryReport(stolen, bob.address).replace('\r\n--dsn--', `${groups.join('')}\r\n--dsn--`),
  );
  const sunk = story.sink.mails().length;
  await story.settle();
  assert.equal(await tasks(), 1);
  assert.equal(story.sink.mails().length, sunk);
});

test('what is sealed to the list inside one is opened for nobody', async () => {
  const sunk = story.sink.mails().length;
  const armour = await story.sealTo('linux-distros', 'canary-hidden\n');
  const raw = deliveryReport(stolen, bob.address).replace(
    'canary-words\r\n',
    `${armour.replace(/\r?\n/g, '\r\n')}\r\n`,
  );
  await send(stolen, raw);
  await send(
    stolen,
    `From: m@evil.example\r\nTo: ${stolen}\r\nSubject: x\r\n\r\n${armour}`,
    'm@evil.example',
  );
  await story.settle();
  assert.deepEqual(story.sink.mails().slice(sunk), []);
  assert.equal((await story.cases()).length, 1);
});

test('honest: Bob reads the next report, and a true bounce of it is a task of its own', async () => {
  await report('canary-next');
  const copy = await story.onlyNews(bob);
  assert.match(copy.text, /canary-next/);
  await send(copy.mail.from, deliveryReport(copy.mail.from, bob.address));
  await story.settle();
  assert.equal(await tasks(), 2);
  await story.end();
});
