import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Installation, makeInstallation } from '../stand-ins/installation.ts';
import { type Postfix, startPostfix } from '../stand-ins/postfix.ts';
import { freePorts, type Started } from '../stand-ins/real-server.ts';
import { dial } from '../stand-ins/smtp-client.ts';

/** contrib/postfix against Debian's Postfix: world → Postfix → embargod → Postfix → world. Needs root, as Postfix does. */
const limit = { timeout: 120_000 };
const why = process.getuid?.() === 0 ? undefined : 'Postfix is started by root only';
const skip = why ?? false;
const list = 'linux-distros@lists.example.org';
let here: Installation;
let server: Started;
let postfix: Postfix;

before(async () => {
  if (why !== undefined) return;
  const [lmtpPort = 0] = await freePorts(1);
  here = await makeInstallation({
    init: ['--unprotected-keys', '--shared-user', '--lmtp', `127.0.0.1:${lmtpPort}`],
    sink: { extensions: ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'SIZE'] },
  });
  postfix = await startPostfix({ lmtp: lmtpPort, smtp: here.smtpPort, sink: here.sink.port });
  await here.configure(/^address = .*$/m, `address = "127.0.0.1:${postfix.relayPort}"\ntls = "none"`);
  server = await here.run();
  await here.order('list', 'add', 'linux-distros', '--preset', 'linux-distros');
  await here.order('member', 'add', 'Debian', '--list', 'linux-distros');
  for (const address of ['alice@debian.example', 'bjørn@debian.example']) {
    const certificate = await here.person(address, address);
    await here.order('representative', 'add', 'Debian', address, '--certificate', certificate);
  }
}, limit);
after(async () => {
  await server?.stop();
  await postfix?.stop();
  await here?.close();
}, limit);

/** Speaks to Postfix as the world does; the reply to the last line that was needed. */
async function world(
  port: number,
  mail: Readonly<{ from: string; to: string; raw?: string; more?: string }>,
) {
  const client = await dial(port);
  try {
    const { from, to, raw, more = '' } = mail;
    for (const line of ['EHLO out.example', `MAIL FROM:<${from}>${more}`, `RCPT TO:<${to}>`]) {
      const reply = await client.say(line);
      if (!reply.startsWith('2')) return reply;
    }
    if (raw === undefined) return await client.say('RSET');
    const ready = await client.say('DATA');
    if (!ready.startsWith('354')) return ready;
    client.send(`${raw.replace(/\r?\n/g, '\r\n')}\r\n.\r\n`);
    return await client.hear();
  } finally {
    client.close();
  }
}

const report = (subject: string, from = 'rita@researcher.example') =>
  `From: Rita <${from}>\nTo: ${list}\nSubject: [vs] ${subject}\nMessage-ID: <${subject}@researcher.example>\n\nIt overflows: ${subject}.\n`;

test('a report comes in by Postfix, and each member’s copy leaves by it, readable and with its own return path', {
  skip,
  ...limit,
}, async () => {
  const sent = { from: 'rita@researcher.example', to: list, raw: report('zanzibar') };
  assert.match(await world(postfix.worldPort, sent), /^250/);
  await here.sink.taken(2);
  const mails = here.sink.mails();
  assert.deepEqual(mails.map(({ recipient }) => recipient).sort(), [
    'alice@debian.example',
    'bjørn@debian.example',
  ]);
  assert.equal(new Set(mails.map(({ from }) => from)).size, 2);
  for (const { from, raw } of mails) {
    assert.match(from, /^linux-distros\+bounce-[a-z2-7]{26}@lists\.example\.org$/);
    const armour = /-----BEGIN PGP MESSAGE-----[\s\S]*-----END PGP MESSAGE-----/.exec(raw)?.[0] ?? '';
    const opened = await here.gpg.decrypt(Buffer.from(armour, 'latin1'));
    assert.match(Buffer.from(opened.stdout).toString(), /It overflows: zanzibar\./);
  }
});

test('unknown recipients, and the world’s wish to relay, are refused while the peer is there', {
  skip,
  ...limit,
}, async () => {
  const to = (address: string) => world(postfix.worldPort, { from: 'x@out.example', to: address });
  for (const address of [list, 'linux-distros-owner@lists.example.org', 'postmaster@lists.example.org']) {
    assert.match(await to(address), /^250/, address);
  }
  // A case that does not exist is answered as one that does (R8).
  assert.match(await to('linux-distros+vs-2026-9999.team@lists.example.org'), /^250/);
  for (const address of [
    'nobody@lists.example.org',
    'linux-distros+vs-1@lists.example.org',
    'a@elsewhere.example',
  ]) {
    assert.match(await to(address), /^(454|550|554)/, address);
  }
});

test('a bounce finds its way back, and a mail that is too large hears it at once', {
  skip,
  ...limit,
}, async () => {
  const [copy] = here.sink.mails();
  assert.ok(copy);
  const bounce = { from: '', to: copy.from, raw: 'From: MAILER-DAEMON\nSubject: no\n\nNo.\n' };
  assert.match(await world(postfix.worldPort, bounce), /^250/);
  await postfix.line(/postfix\/lmtp\[\d+\]: .*bounce-.*status=sent \(250/);
  const large = { from: 'rita@researcher.example', to: list, more: ' SIZE=31457281' };
  assert.match(await world(postfix.worldPort, large), /^552/);
});

test('an address in other letters works both ways (SMTPUTF8)', { skip, ...limit }, async () => {
  const before = here.sink.mails().length;
  const from = 'rené@researcher.example';
  const mail = { from, to: list, raw: report('utf-8', from), more: ' SMTPUTF8 BODY=8BITMIME' };
  assert.match(await world(postfix.worldPort, mail), /^250/);
  await here.sink.taken(before + 2);
  assert.ok(here.sink.mails().some(({ recipient }) => recipient === 'bjørn@debian.example'));
});

test('with the proxy form the peer’s answer is embargod’s own, and nothing rests in Postfix', {
  skip,
  ...limit,
}, async () => {
  const before = here.sink.mails().length;
  const mail = { from: 'rita@researcher.example', to: list, raw: report('proxied') };
  assert.match(await world(postfix.proxyPort, mail), /^250/);
  await here.sink.taken(before + 2);
  const refused = await world(postfix.proxyPort, {
    from: 'x@out.example',
    to: 'nobody@lists.example.org',
    raw: 'x',
  });
  assert.match(refused, /^55\d/);
});

test('Postfix’s log has no subject and no word of a mail, and its queue is empty at the end', {
  skip,
  ...limit,
}, async () => {
  const log = postfix.lines.join('\n');
  assert.match(log, /status=sent/);
  assert.doesNotMatch(log, /overflows|Subject|\[vs\]/);
  assert.doesNotMatch(log, /warning|fatal|error:/);
  for (;;) if (/Mail queue is empty/.test(await postfix.queue())) break;
});
