import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { day, second } from '../../src/time/instant.ts';
import { address } from '../stand-ins/community.ts';
import type { Person } from '../stand-ins/founded-list.ts';
import { vouchingFor } from '../stand-ins/mail-resolver.ts';
import type { SinkBehaviour } from '../stand-ins/mail-sink.ts';
import { dial } from '../stand-ins/smtp-client.ts';
import { caseAddress, type Story, startStory, teamAddress } from '../stand-ins/story.ts';

/**
 * Attack (R4): mail under a stranger's name, so that our answer goes to the stranger. Nobody who did not authenticate hears
 * anything; what is refused after its 250 makes no bounce; what we do answer has a null return path. Deeper:
 * src/message/notice/receipt.test.ts, test/scenarios/receipts.test.ts, mail-loops.test.ts.
 */
let story: Story;
let alice: Person;
let number: string;
const list = 'linux-distros@lists.example.org';
const victim = 'victim@elsewhere.example';

const refuser = 'refuser@vouched.example';
const behaviour = (recipient: string): SinkBehaviour =>
  recipient === refuser ? { kind: 'reply', at: 'end', code: 550 } : { kind: 'take' };

before(async () => {
  story = await startStory({ resolver: vouchingFor('vouched.example'), sink: { behaviour } });
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  const from = 'Rita <rita@vouched.example>';
  await story.tell({ from, to: list, subject: '[vs] libfoo', body: 'canary-report', seal: 'linux-distros' });
  [number = ''] = await story.cases();
});
afterEach(() => story.skipNews());
after(() => story.close());

/** Everybody but the members whom anything was sent to since. */
function strangersSince(sunk: number): readonly string[] {
  const to = story.sink
    .mails()
    .slice(sunk)
    .map(({ recipient }) => recipient);
  return to.filter((one) => one !== alice.address);
}

test('honest: an authenticated reporter has one receipt, which nothing can bounce back on', () => {
  const [receipt, ...more] = story.mailFor('rita@vouched.example');
  assert.ok(receipt && more.length === 0);
  assert.equal(receipt.from, '');
  assert.match(receipt.raw, /^Auto-Submitted: auto-replied/m);
});

test('whatever is sent wherever under a stranger’s name, the stranger hears nothing', async () => {
  const sunk = story.sink.mails().length;
  const foreign = Buffer.from(await story.gpg.encrypt('for Alice', [alice.address], ['--armor'])).toString();
  const bodies = ['canary', await story.sealTo('linux-distros', 'canary\n'), foreign];
  const places = [
    list,
    caseAddress(number),
    teamAddress(number),
    caseAddress('VS-1999-0001'),
    'linux-distros-owner@lists.example.org',
    'postmaster@lists.example.org',
    `linux-distros+held-${'a'.repeat(26)}@lists.example.org`,
    `linux-distros+bounce-${'a'.repeat(26)}@lists.example.org`,
  ];
  const heads = [
    `From: ${victim}`,
    `From: ${victim}\r\nReply-To: ${victim}\r\nReturn-Receipt-To: ${victim}\r\nDisposition-Notification-To: ${victim}`,
    // The envelope is authentic, the author is not whom it vouches for.
    `From: other@vouched.example\r\nSender: ${victim}`,
  ];
  let count = 0;
  for (const to of places) {
    for (const body of bodies) {
      for (const head of heads) {
        count += 1;
        story.pass(5 * second);
        const from = count % 2 ? victim : 'mallory@unvouched.example';
        const raw = `${head}\r\nTo: ${to}\r\nSubject: [vs] ${count}\r\nMessage-ID: <b${count}@x.example>\r\n\r\n${body}\r\n`;
        assert.match(await story.send({ from, to: [to], raw }), /^250 /);
      }
    }
  }
  await story.settle();
  assert.deepEqual(strangersSince(sunk), []);
  // Nor a day later, when what waits is told of and dealt with.
  for (const id of await story.inbox('held'))
    await story.order({ kind: 'held-refuse', id, reason: 'not ours' });
  story.pass(day + second);
  await story.settle();
  assert.deepEqual(strangersSince(sunk), []);
});

test('a sealed report with a stranger’s address and a key inside earns the stranger one sealed mail a day at most', async () => {
  const mallory = await story.person('Mallory', 'mallory@evil.example', 'ed25519');
  const sunk = story.sink.mails().length;
  for (let count = 0; count < 4; count += 1) {
    await story.tell({
      from: `V <${victim}>`,
      mailFrom: 'mallory@evil.example',
      to: list,
      subject: `[vs] ${count}`,
      body: `canary-${count}`,
      seal: 'linux-distros',
      signer: mallory,
      enclose: mallory,
    });
  }
  const told = story.sink
    .mails()
    .slice(sunk)
    .filter(({ recipient }) => recipient === victim);
  assert.ok(told.length <= 1);
  assert.ok(told.every(({ raw }) => /BEGIN PGP MESSAGE/.test(raw) && !/canary/.test(raw)));
});

test('what the door refuses it refuses in the dialogue, before it owns the mail', async () => {
  const sunk = story.sink.mails().length;
  const client = await dial(story.smtpPort);
  await client.say('EHLO client.example');
  await client.say(`MAIL FROM:<${victim}>`);
  for (const to of [
    'nobody@lists.example.org',
    'linux-distros+what@lists.example.org',
    'someone@else.example',
  ]) {
    assert.match(await client.say(`RCPT TO:<${to}>`), /^55[0-9] /);
  }
  client.close();
  await story.settle();
  assert.deepEqual(strangersSince(sunk), []);
});

test('an answer that its receiver’s server refuses is an administrator’s matter, and goes back to nobody', async () => {
  const sunk = story.sink.mails().length;
  const from = `R <${refuser}>`;
  await story.tell({ from, to: list, subject: '[vs] libbar', body: 'canary-refused', seal: 'linux-distros' });
  const [row] = await story.query('SELECT state, return_path FROM outbox WHERE recipient = $1', [refuser]);
  assert.deepEqual(row, { state: 'failed', return_path: '' });
  assert.deepEqual(strangersSince(sunk), []);
  const told = (await story.news(alice)).map((copy) => copy.says('What')).join('');
  assert.match(told, /^Mail to refuser@vouched\.example could not be delivered/);
});

test('the story ends with nothing forgotten', () => story.end());
