import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dial, sendMail } from '../../../test/stand-ins/smtp-client.ts';
import { openTestDoor, text } from '../../../test/stand-ins/test-door.ts';
import { accepted } from './door-replies.ts';

test('a whole session reads like RFC 5321: what is offered, what is refused, what is taken', async () => {
  const { port, delivered } = await openTestDoor();
  const client = await dial(port);
  await client.say('EHLO client.example');
  await client.say('AUTH PLAIN AGEAYg==');
  await client.say('STARTTLS');
  await client.say('VRFY linux-distros');
  await client.say('MAIL FROM:<alice@example.org> SIZE=100 BODY=8BITMIME');
  await client.say('RCPT TO:<bob@elsewhere.example>');
  await client.say('RCPT TO:<nobody@lists.example>');
  await client.say('RCPT TO:<not an address>');
  await client.say('RCPT TO:<linux-distros@lists.example>');
  await client.say('DATA');
  client.send('Subject: [vs] \xe4\r\n\r\n..dot\r\nend\r\n.\r\n');
  await client.hear();
  await client.say('QUIT');
  assert.equal(
    client.transcript(),
    [
      'S: 220 mail.lists.example ESMTP',
      'C: EHLO client.example',
      'S: 250-mail.lists.example',
      'S: 250-PIPELINING',
      'S: 250-8BITMIME',
      'S: 250-SMTPUTF8',
      'S: 250 SIZE 26214400',
      'C: AUTH PLAIN AGEAYg==',
      'S: 500 Error: command not recognized',
      'C: STARTTLS',
      'S: 500 Error: command not recognized',
      'C: VRFY linux-distros',
      'S: 252 Try to send something. No promises though',
      'C: MAIL FROM:<alice@example.org> SIZE=100 BODY=8BITMIME',
      'S: 250 Accepted',
      'C: RCPT TO:<bob@elsewhere.example>',
      'S: 550 5.7.1 We take mail for our own lists only',
      'C: RCPT TO:<nobody@lists.example>',
      'S: 550 5.1.1 No such address here',
      'C: RCPT TO:<not an address>',
      'S: 501 Error: Bad recipient address syntax',
      'C: RCPT TO:<linux-distros@lists.example>',
      'S: 250 Accepted',
      'C: DATA',
      'S: 354 End data with <CR><LF>.<CR><LF>',
      'C: [34 bytes]',
      'S: 250 2.6.0 Accepted as q1',
      'C: QUIT',
      'S: 221 Bye',
    ].join('\n'),
  );
  assert.equal(delivered.length, 1);
  assert.equal(
    text(delivered[0]),
    Buffer.from('Subject: [vs] \xe4\r\n\r\n.dot\r\nend\r\n').toString('latin1'),
  );
  assert.deepEqual(delivered[0]?.recipients, ['linux-distros@lists.example']);
  assert.equal(delivered[0]?.mailFrom, 'alice@example.org');
  assert.equal(delivered[0]?.tls, false);
});

const smuggled =
  'MAIL FROM:<evil@example.org>\r\nRCPT TO:<linux-distros@lists.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n.\r\n';
const endVariants: readonly (readonly [string, string])[] = [
  ['LF.LF', '\n.\n'],
  ['LF.CRLF', '\n.\r\n'],
  ['CR.CR', '\r.\r'],
  ['CR.CRLF', '\r.\r\n'],
  ['CR.LF', '\r.\n'],
  ['LF.CR', '\n.\r'],
  ['CRLF.LF', '\r\n.\n'],
  ['CRLF.CR', '\r\n.\r'],
  ['CRLF NUL . CRLF', '\r\n\0.\r\n'],
];

for (const [name, end] of endVariants) {
  for (const split of [false, true]) {
    test(`smuggling: ${name} ends no mail, and a mail that holds it is refused${split ? ' (byte by byte)' : ''}`, async () => {
      const { port, delivered } = await openTestDoor();
      const client = await dial(port);
      await client.say('EHLO client.example');
      await client.say('MAIL FROM:<alice@example.org>');
      await client.say('RCPT TO:<linux-distros@lists.example>');
      await client.say('DATA');
      const attack = Buffer.from(`Subject: one\r\n\r\nbody${end}${smuggled}`, 'latin1');
      if (split) for (const byte of attack) client.send(Buffer.of(byte));
      else client.send(attack);
      assert.match(await client.hear(), /^554 5\.6\.0 /);
      assert.equal(await client.say('NOOP'), '250 OK');
      assert.equal(delivered.length, 0);
      client.close();
    });
  }
}

test('a single dot in the first line ends an empty mail; a stuffed one does not, however it is cut', async () => {
  const { port, delivered } = await openTestDoor();
  const client = await dial(port);
  await client.say('EHLO client.example');
  for (const pieces of [['.\r\n'], ['.', '.\r\n', 'x\r\n', '.\r', '\n']]) {
    await client.say('MAIL FROM:<>');
    await client.say('RCPT TO:<linux-distros@lists.example>');
    await client.say('DATA');
    for (const piece of pieces) client.send(piece);
    assert.match(await client.hear(), /^250/);
  }
  assert.deepEqual(delivered.map(text), ['', '.\r\nx\r\n']);
  client.close();
});

test('a refusal that repeats the peer’s words repeats them in one line of ASCII, and not without end', async () => {
  const { port } = await openTestDoor();
  const client = await dial(port);
  await client.say('EHLO client.example');
  for (const word of ['\xe4=1', '\x1b[2J=1', 'a\rb=1', `${'x'.repeat(1_500)}=1`]) {
    client.send(Buffer.from(`MAIL FROM:<a@example.org> ${word} ${word}\r\n`, 'latin1'));
    assert.match(await client.hear(), /^5\d\d [\x20-\x7e]{1,508}$/);
  }
  client.close();
});

test('pipelined commands are answered in order', async () => {
  const { port, delivered } = await openTestDoor();
  const client = await dial(port);
  await client.say('EHLO client.example');
  client.send(
    'MAIL FROM:<a@example.org>\r\nRCPT TO:<nobody@lists.example>\r\nRCPT TO:<distros@lists.example>\r\nDATA\r\n',
  );
  const codes = [await client.hear(), await client.hear(), await client.hear(), await client.hear()];
  assert.deepEqual(
    codes.map((reply) => reply.slice(0, 3)),
    ['250', '550', '250', '354'],
  );
  client.send('x\r\n.\r\nQUIT\r\n');
  assert.match(await client.hear(), /^250/);
  assert.match(await client.hear(), /^221/);
  assert.deepEqual(delivered[0]?.recipients, ['distros@lists.example']);
});

test('SMTPUTF8: an international sender passes, and so do quoted and overlong ones of forwarders', async () => {
  const { port, delivered } = await openTestDoor();
  const client = await dial(port);
  await client.say('EHLO client.example');
  const answers = await sendMail(client, {
    from: 'jörg@exämple.org',
    to: ['distros@lists.example'],
    raw: 'x\r\n',
  });
  assert.match(answers.at(-1) ?? '', /^250/);
  assert.equal(delivered[0]?.mailFrom, 'jörg@exämple.org');
  for (const from of [
    '"rita+x"@example.org',
    `SRS0=${'h'.repeat(90)}=origin.example=rita@relay.example`,
    'ilo.@[192.0.2.1]',
  ]) {
    assert.match(await client.say(`MAIL FROM:<${from}>`), /^250 /);
    await client.say('RSET');
  }
  assert.match(await client.say('MAIL FROM:<a@b@example.org>'), /^(553|501) /);
  client.close();
});

test('LMTP: one answer for each recipient, a repeated one too', async () => {
  const { port } = await openTestDoor({ protocol: 'lmtp' });
  const client = await dial(port);
  assert.match(await client.say('EHLO relay.example'), /^500 /);
  await client.say('LHLO relay.example');
  await client.say('MAIL FROM:<a@example.org>');
  await client.say('RCPT TO:<one@lists.example>');
  await client.say('RCPT TO:<nobody@lists.example>');
  await client.say('RCPT TO:<two@lists.example>');
  await client.say('RCPT TO:<one@lists.example>');
  await client.say('DATA');
  client.send('x\r\n.\r\n');
  const answers = [await client.hear(), await client.hear(), await client.hear(), await client.say('NOOP')];
  assert.deepEqual(
    answers.map((reply) => reply.slice(0, 9)),
    ['250 2.6.0', '250 2.6.0', '250 2.6.0', '250 OK'],
  );
  client.close();
});

test('what accept cannot do is 451 for SMTP and for each LMTP recipient, and says nothing of why', async () => {
  const fails = { accept: () => Promise.reject(new Error('secret reason')) };
  const smtp = await openTestDoor(fails);
  const client = await dial(smtp.port);
  await client.say('EHLO client.example');
  const answers = await sendMail(client, { from: 'a@example.org', to: ['one@lists.example'], raw: 'x\r\n' });
  assert.equal(answers.at(-1), '451 4.3.0 We cannot take mail at this moment; please try again later');
  const lmtp = await openTestDoor({ ...fails, protocol: 'lmtp' });
  const relay = await dial(lmtp.port);
  await relay.say('LHLO relay.example');
  const first = await sendMail(relay, {
    from: 'a@example.org',
    to: ['one@lists.example', 'two@lists.example'],
    raw: 'x\r\n',
  });
  assert.match(first.at(-1) ?? '', /^451 /);
  assert.match(await relay.hear(), /^451 /);
  client.close();
  relay.close();
});

test('stop: a mail in progress ends with its answer, others hear 421, nobody new is let in', async () => {
  let finish: () => void = () => undefined;
  const { door, port } = await openTestDoor({
    accept: async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
        begun();
      });
      return accepted('late');
    },
  });
  let begun: () => void = () => undefined;
  const accepting = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const idle = await dial(port);
  const busy = await dial(port);
  await busy.say('EHLO client.example');
  await busy.say('MAIL FROM:<a@example.org>');
  await busy.say('RCPT TO:<one@lists.example>');
  await busy.say('DATA');
  busy.send('x\r\n.\r\n');
  await accepting;
  const stopped = door.stop();
  assert.match(await idle.hear(), /^421 4\.3\.2 /);
  await assert.rejects(dial(port));
  finish();
  assert.equal(await busy.hear(), '250 2.6.0 Accepted as late');
  assert.match(await busy.hear(), /^421 4\.3\.2 /);
  await stopped;
});
