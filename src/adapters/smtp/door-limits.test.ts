import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dial, dialSilently, sendMail } from '../../../test/stand-ins/smtp-client.ts';
import { openTestDoor } from '../../../test/stand-ins/test-door.ts';
import { minute } from '../../time/instant.ts';
import { defaultDoorLimits } from './door-limits.ts';

test('size: announced too large is refused at MAIL, sent too large at the end, and neither is kept', async () => {
  const { port, delivered } = await openTestDoor({ limits: { ...defaultDoorLimits, messageBytes: 1000 } });
  const client = await dial(port);
  await client.say('EHLO client.example');
  assert.match(await client.say('MAIL FROM:<a@example.org> SIZE=1001'), /^552 /);
  const large = await sendMail(client, {
    from: 'a@example.org',
    to: ['linux-distros@lists.example'],
    raw: `${'x'.repeat(998)}\r\ny\r\n`,
  });
  assert.match(large.at(-1) ?? '', /^552 5\.3\.4 /);
  const fits = await sendMail(client, {
    from: 'a@example.org',
    to: ['linux-distros@lists.example'],
    raw: `${'x'.repeat(996)}\r\n`,
  });
  assert.match(fits.at(-1) ?? '', /^250 /);
  assert.equal(delivered.length, 1);
  client.close();
});

test('unfinished mails of all connections share one room; who finds it full hears 452 and may come again', async () => {
  const { port } = await openTestDoor({ limits: { ...defaultDoorLimits, bytesInFlight: 1000 } });
  const slow = await dial(port);
  await slow.say('EHLO slow.example');
  await slow.say('MAIL FROM:<a@example.org>');
  await slow.say('RCPT TO:<linux-distros@lists.example>');
  await slow.say('DATA');
  slow.send(`${'x'.repeat(898)}\r\n`);
  const quick = await dial(port);
  await quick.say('EHLO quick.example');
  const mail = { from: 'b@example.org', to: ['linux-distros@lists.example'], raw: `${'y'.repeat(500)}\r\n` };
  // The slow bytes may still be on their way: the quick one is asked until the room is full.
  const first = await sendMail(quick, mail);
  assert.match(first.at(-1) ?? '', /^(250|452) /);
  const second = await sendMail(quick, mail);
  assert.match(second.at(-1) ?? '', /^452 4\.3\.1 /);
  slow.send('.\r\n');
  assert.match(await slow.hear(), /^250 /);
  assert.match((await sendMail(quick, mail)).at(-1) ?? '', /^250 /);
  slow.close();
  quick.close();
});

test('recipients: the one beyond the limit hears 452, those before are served', async () => {
  const { port } = await openTestDoor({ limits: { ...defaultDoorLimits, recipients: 2 } });
  const client = await dial(port);
  await client.say('EHLO client.example');
  const answers = await sendMail(client, {
    from: 'a@example.org',
    to: ['one@lists.example', 'two@lists.example', 'three@lists.example'],
    raw: 'x\r\n',
  });
  assert.deepEqual(
    answers.map((answer) => answer.slice(0, 3)),
    ['250', '250', '250', '452', '354', '250'],
  );
  client.close();
});

test('rate: a burst is let through, then 451, then one more as time passes', async () => {
  const limits = { ...defaultDoorLimits, messageBurst: 2, messagesPerMinute: 1 };
  const { port, pass } = await openTestDoor({ limits });
  const client = await dial(port);
  await client.say('EHLO client.example');
  const begin = async () => {
    const reply = await client.say('MAIL FROM:<a@example.org>');
    await client.say('RSET');
    return reply.slice(0, 9);
  };
  assert.deepEqual([await begin(), await begin(), await begin()], ['250 Accep', '250 Accep', '451 4.7.1']);
  pass(minute);
  assert.deepEqual([await begin(), await begin()], ['250 Accep', '451 4.7.1']);
  client.close();
});

test('rate: our own relay in front is not bound by it', async () => {
  const limits = { ...defaultDoorLimits, messageBurst: 1, messagesPerMinute: 1, connectionsPerNetwork: 1 };
  const { port } = await openTestDoor({ limits, ownRelays: ['127.0.0.1'] });
  const [client, other] = [await dial(port), await dial(port)];
  await client.say('EHLO relay.example');
  for (let count = 0; count < 3; count += 1) {
    assert.match(await client.say('MAIL FROM:<a@example.org>'), /^250/);
    await client.say('RSET');
  }
  client.close();
  other.close();
});

test('connections: one network and all together have a limit, answered with 421, and free again afterwards', async () => {
  const limits = { ...defaultDoorLimits, connections: 3, connectionsPerNetwork: 2 };
  const { port } = await openTestDoor({ limits });
  const [first, second] = [await dial(port), await dial(port)];
  const third = await dialSilently(port);
  assert.match(await third.hear(), /^421 4\.7\.0 /);
  await third.closed;
  await first.say('QUIT');
  await first.closed;
  const fourth = await dialAgain(port);
  const elsewhere = await dial(port, '127.0.0.1', '127.0.0.2');
  const beyond = await dialSilently(port);
  assert.match(await beyond.hear(), /^421 4\.3\.2 /);
  for (const client of [second, fourth, elsewhere, beyond]) client.close();
});

/** The server learns of a goodbye a moment after the client. */
async function dialAgain(port: number) {
  for (;;) {
    const client = await dialSilently(port);
    if ((await client.hear()).startsWith('220')) return client;
    client.close();
  }
}

test('a peer that guesses hears so many refusals, then 421', async () => {
  const { port } = await openTestDoor({ limits: { ...defaultDoorLimits, errors: 3 } });
  const client = await dial(port);
  await client.say('EHLO client.example');
  await client.say('MAIL FROM:<a@example.org>');
  const answers: string[] = [];
  for (let guess = 0; guess < 4; guess += 1) {
    answers.push((await client.say(`RCPT TO:<nobody${guess}@lists.example>`)).slice(0, 3));
  }
  assert.deepEqual(answers, ['550', '550', '550', '421']);
  await client.closed;
});

test('a silent peer, and a session that never ends, are sent away', async () => {
  const idle = await openTestDoor({ limits: { ...defaultDoorLimits, idle: 150 } });
  const silent = await dial(idle.port);
  assert.match(await silent.hear(), /^421 /);
  const short = await openTestDoor({ limits: { ...defaultDoorLimits, session: 300 } });
  const endless = await dial(short.port);
  assert.match(await endless.hear(), /^421 4\.4\.2 /);
});

test('a command line without an end closes the connection', async () => {
  const { port } = await openTestDoor();
  const client = await dial(port);
  client.send('X'.repeat(8192));
  assert.match(await client.hear(), /^421 /);
  await client.closed;
});
