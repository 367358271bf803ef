/**
 * A raw SMTP dialogue for transcripts: says exactly what it is told, byte for byte, and writes down who said what.
 * It knows nothing of rules, so that a test can break each one.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export type SmtpClient = Readonly<{
  /** Sends one line with CRLF and gives the reply, its lines joined by LF. */
  say: (line: string) => Promise<string>;
  /** Sends bytes as they are, waits for nothing. */
  send: (bytes: string | Uint8Array) => void;
  /** The next reply; '' once the server has hung up. */
  hear: () => Promise<string>;
  /** STARTTLS and the handshake; any certificate is taken. */
  encrypt: () => Promise<SmtpClient>;
  /** `C:` and `S:` lines, for tests to compare and people to read. */
  transcript: () => string;
  /** Resolves when the server has hung up. */
  closed: Promise<void>;
  close: () => void;
}>;

/** Connects and hears the greeting. */
export async function dial(port: number, host = '127.0.0.1', localAddress?: string): Promise<SmtpClient> {
  const socket = connect({ port, host, ...(localAddress === undefined ? {} : { localAddress }) });
  await once(socket, 'connect');
  const client = dialogue(socket, []);
  await client.hear();
  return client;
}

/** Without waiting for the greeting: for those who talk too soon, and for the turned away. */
export async function dialSilently(port: number, host = '127.0.0.1'): Promise<SmtpClient> {
  const socket = connect({ port, host });
  await once(socket, 'connect');
  return dialogue(socket, []);
}

function dialogue(socket: Socket, lines: string[]): SmtpClient {
  const replies: string[] = [];
  const waiting: ((reply: string) => void)[] = [];
  socket.setNoDelay(true);
  let text = '';
  let ended = false;
  const onData = (bytes: Buffer) => {
    text += bytes.toString('utf8');
    for (let reply = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3}(?: [^\r\n]*)?\r\n/.exec(text); reply; ) {
      text = text.slice(reply[0].length);
      const said = reply[0].trimEnd().split('\r\n');
      lines.push(...said.map((line) => `S: ${line}`));
      const waiter = waiting.shift();
      if (waiter) waiter(said.join('\n'));
      else replies.push(said.join('\n'));
      reply = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3}(?: [^\r\n]*)?\r\n/.exec(text);
    }
  };
  const onEnd = () => {
    ended = true;
    for (const waiter of waiting.splice(0)) waiter('');
  };
  const closed = once(socket, 'close').then(
    () => undefined,
    () => undefined,
  );
  socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onEnd);
  const hear = (): Promise<string> => {
    const reply = replies.shift();
    if (reply !== undefined) return Promise.resolve(reply);
    return ended ? Promise.resolve('') : new Promise((resolve) => waiting.push(resolve));
  };
  const client: SmtpClient = {
    say: (line) => {
      lines.push(`C: ${line}`);
      socket.write(`${line}\r\n`);
      return hear();
    },
    send: (bytes) => {
      lines.push(`C: [${bytes.length} bytes]`);
      socket.write(bytes);
    },
    hear,
    encrypt: async () => {
      const ready = await client.say('STARTTLS');
      if (!ready.startsWith('220')) throw new Error(`STARTTLS was answered: ${ready}`);
      socket.off('data', onData).off('end', onEnd).off('close', onEnd);
      const encrypted = connectTls({ socket, rejectUnauthorized: false });
      await once(encrypted, 'secureConnect');
      return dialogue(encrypted, lines);
    },
    transcript: () => lines.join('\n'),
    closed,
    close: () => socket.destroy(),
  };
  return client;
}

/** A whole transaction after EHLO or LHLO; gives the replies to MAIL, each RCPT, DATA, and what follows the dot. */
export async function sendMail(
  client: SmtpClient,
  mail: Readonly<{ from: string; to: readonly string[]; raw: string | Uint8Array }>,
): Promise<readonly string[]> {
  const replies = [await client.say(`MAIL FROM:<${mail.from}>`)];
  for (const recipient of mail.to) replies.push(await client.say(`RCPT TO:<${recipient}>`));
  replies.push(await client.say('DATA'));
  if (!replies.at(-1)?.startsWith('354')) return replies;
  client.send(mail.raw);
  client.send('.\r\n');
  replies.push(await client.hear());
  return replies;
}
