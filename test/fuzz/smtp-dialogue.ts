import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { defaultDoorLimits } from '../../src/adapters/smtp/door-limits.ts';
import type { Delivered } from '../../src/adapters/smtp/door-parameters.ts';
import { type Conversation, converse, failingWord } from './door-conversation.ts';
import { type Fuzzer, lineJoints } from './fuzzer.ts';
import { randomFrom } from './random.ts';

/** What ends whatever the input began: a mail, a line, the session. */
const farewell = Buffer.from('\r\n.\r\nQUIT\r\n');

/**
 * The door on a real socket: every reply is a reply, `250` for a mail stands for one row and no more, what is handed on
 * stood between its DATA and its own dot; and the same bytes mean the same, however they are cut.
 */
export const smtpDialogue: Fuzzer = {
  name: 'smtp-dialogue',
  largest: 120_000,
  atOnce: 24,
  dictionary: [
    'EHLO client.example\r\n',
    'HELO x\r\n',
    'LHLO x\r\n',
    'MAIL FROM:<a@example.org>\r\n',
    'MAIL FROM:<> SIZE=100 BODY=8BITMIME SMTPUTF8\r\n',
    'MAIL FROM:<"a b"@example.org>\r\n',
    'RCPT TO:<linux-distros@lists.example>\r\n',
    'RCPT TO:<nobody@lists.example>\r\n',
    'RCPT TO:<x@elsewhere.example>\r\n',
    'RCPT TO:<@route.example:distros@lists.example>\r\n',
    'DATA\r\n',
    'BDAT 5 LAST\r\nhello',
    'RSET\r\n',
    'NOOP\r\n',
    'VRFY x\r\n',
    'HELP\r\n',
    'QUIT\r\n',
    'STARTTLS\r\n',
    'AUTH PLAIN AGEAYg==\r\n',
    'XCLIENT ADDR=192.0.2.1\r\n',
    'XFORWARD NAME=x\r\n',
    'PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    '\r\n.\r\n',
    '\n.\n',
    '\n.\r\n',
    '\r.\r',
    '\r\n.\r',
    '\r\n\0.\r\n',
    '\r\n..\r\n',
    '.\r\n',
    '..',
    failingWord,
  ],
  joints: lineJoints,
  start: async () => ({ check: checkDialogue, stop: async () => undefined }),
};

async function checkDialogue(input: Uint8Array): Promise<void> {
  const sent = Buffer.concat([input, farewell]);
  const whole = await converse([sent]);
  const cut = await converse(pieces(sent));
  for (const conversation of [whole, cut]) checkConversation(conversation, sent);
  assert.deepEqual(cut.rows.map(digest), whole.rows.map(digest), 'cut otherwise, other mails were taken');
  // Who is sent away while still talking may lose the end of what was said (TCP).
  const heard = Math.min(whole.replies.length, cut.replies.length);
  const complete = !whole.sentAway && !cut.sentAway;
  assert.deepEqual(
    cut.replies.slice(0, heard).map(withoutWords),
    whole.replies.slice(0, heard).map(withoutWords),
    'cut otherwise, answered otherwise',
  );
  assert.ok(!complete || whole.replies.length === cut.replies.length, 'cut otherwise, answered more or less');
}

/** Of a lone CR and a NUL in one mail, which is named hangs on what arrived first; that it is refused does not. */
function withoutWords(reply: string): string {
  return reply.replace(/^554 5\.6\.0 .*/, '554 5.6.0');
}

function checkConversation({ heard, replies, rows, sentAway }: Conversation, sent: Buffer): void {
  assert.match(heard, /^(?:[2-5]\d\d[ -][\x20-\x7e]*\r\n)*$/, 'a reply is no reply');
  for (const reply of replies) {
    const lines = reply.split('\n');
    assert.ok(
      lines.every((line) => line.slice(0, 3) === reply.slice(0, 3)),
      'one reply has two codes',
    );
  }
  assert.doesNotMatch(heard, /^421 .*(Timeout|lasted too long)/m, 'a session waited for nothing');
  assert.ok(sentAway || /^221 /.test(replies.at(-1) ?? ''), 'QUIT was not answered');
  const promised = replies.flatMap((reply) => /^250 2\.6\.0 Accepted as (\S+)$/.exec(reply)?.[1] ?? []);
  const committed = rows.map(({ id }) => id);
  if (sentAway) assert.deepEqual(promised, committed.slice(0, promised.length), 'a 250 without its row');
  else assert.deepEqual(promised, committed, 'a 250 without its row, or a row without its 250');
  // RFC 5321 §4.5.2 wants a lone dot before text deleted; the library keeps it. No client that stuffs sends one.
  const wire = sent.toString('latin1').replace(/\n\.(?!\.|\r\n)/g, '\n..');
  for (const { mail } of rows) checkDelivered(mail, wire);
}

function checkDelivered({ raw, helo, mailFrom, recipients }: Delivered, wire: string): void {
  const text = Buffer.from(raw).toString('latin1');
  assert.doesNotMatch(text.replaceAll('\r\n', ''), /[\r\n\0]/, 'a lone line end or a NUL came in');
  assert.ok(raw.length <= defaultDoorLimits.messageBytes);
  assert.ok(recipients.length > 0 && recipients.length <= defaultDoorLimits.recipients);
  for (const recipient of recipients) assert.match(recipient, /^[^\p{Cc}\p{Z}<>]+@lists\.example$/u);
  assert.doesNotMatch(mailFrom + helo, /\p{Cc}/u);
  // RFC 5321 §4.5.2, the other way round: this is how the mail must have stood on the wire, and nowhere in a line.
  const stuffed = text
    .split('\r\n')
    .map((line) => (line.startsWith('.') ? `.${line}` : line))
    .join('\r\n');
  assert.ok(
    wire.includes(`\n${stuffed}.\r\n`),
    'what was handed on did not stand so between DATA and its dot',
  );
}

function digest({ mail }: Readonly<{ mail: Delivered }>): string {
  const about = JSON.stringify([mail.mailFrom, mail.recipients, mail.helo]);
  return createHash('sha256').update(about).update(mail.raw).digest('hex');
}

/** At most some dozen pieces, cut by chance that hangs on the bytes alone; line ends and dots are cut most often. */
function pieces(sent: Buffer): readonly Buffer[] {
  const random = randomFrom(createHash('sha256').update(sent).digest().readUInt32BE());
  const cuts = new Set<number>();
  const telling = lineJoints(sent);
  for (let left = 1 + random.below(30); left > 0; left -= 1) {
    cuts.add(random.once(3) ? random.below(sent.length) : random.pick(telling) - random.below(4));
  }
  const ascending = [
    0,
    ...[...cuts].filter((at) => at > 0).toSorted((left, right) => left - right),
    sent.length,
  ];
  return ascending.slice(1).map((end, index) => sent.subarray(ascending[index], end));
}
