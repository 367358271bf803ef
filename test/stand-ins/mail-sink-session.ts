import type { Socket } from 'node:net';
import type { MailSinkOptions, SinkBehaviour } from './mail-sink.ts';

export type SinkEntry = Readonly<Record<string, string | number>>;

type Mail = { from: string; recipient: string; behaviour: SinkBehaviour };

/** One connection to the sink: commands until DATA, then bytes until CRLF.CRLF, then commands again. */
export function serveSinkSession(
  socket: Socket,
  options: MailSinkOptions,
  attempt: (recipient: string) => SinkBehaviour,
  record: (entry: SinkEntry) => void,
): void {
  let commands = Buffer.alloc(0);
  let body: ReturnType<typeof bodyReader> | undefined;
  /** While it waits: what has come since. */
  let held: Buffer | undefined;
  const mail: Mail = { from: '', recipient: '', behaviour: { kind: 'take' } };
  const reply = (text: string) => socket.write(`${text}\r\n`);

  /** Does what the test told for this point; false: nothing was told, go on. */
  const misbehaves = (at: string): boolean => {
    const { behaviour, recipient } = mail;
    if (behaviour.kind === 'take' || behaviour.kind === 'wait' || behaviour.at !== at) return false;
    record({ event: behaviour.kind, at, recipient });
    if (behaviour.kind === 'reply') reply(`${behaviour.code} told to`);
    if (behaviour.kind === 'drop') socket.destroy();
    return true;
  };
  const finish = (raw: Buffer, size: number) => {
    if (misbehaves('middle') || misbehaves('end') || misbehaves('end-untaken')) return;
    const { from, recipient } = mail;
    record({ event: 'taken', from, recipient, size, raw: unstuffed(raw).toString('base64') });
    if (!misbehaves('end-taken')) reply('250 taken');
  };
  /** What comes meanwhile is heard afterwards: the other side may have sent DATA in the same packet. */
  const waitFor = ({ until, reached }: SinkBehaviour & { kind: 'wait' }) => {
    held = Buffer.alloc(0);
    reached();
    void until.then(() => {
      const heard = held;
      held = undefined;
      reply('250 recipient');
      if (heard && heard.length > 0) hear(heard);
    });
  };
  const verbs: Readonly<Record<string, (line: string) => void>> = {
    EHLO: () => {
      const extensions = [
        ...(options.pipelining === false ? [] : ['PIPELINING']),
        ...(options.extensions ?? []),
      ];
      const all = ['sink', ...extensions];
      for (const [index, text] of all.entries()) reply(`250${index < all.length - 1 ? '-' : ' '}${text}`);
    },
    MAIL: (line) => {
      Object.assign(mail, { from: addressIn(line), recipient: '', behaviour: { kind: 'take' } });
      reply('250 sender');
    },
    RCPT: (line) => {
      const recipient = addressIn(line);
      Object.assign(mail, { recipient, behaviour: attempt(recipient) });
      const { behaviour } = mail;
      if (behaviour.kind === 'wait') waitFor(behaviour);
      else if (misbehaves('recipient')) mail.recipient = '';
      else reply('250 recipient');
    },
    DATA: () => {
      if (mail.recipient === '') reply('503 no recipient');
      else if (!misbehaves('data')) {
        body = bodyReader(options.discard === true);
        reply('354 go on');
      }
    },
    RSET: () => reply('250 done'),
    QUIT: () => {
      reply('221 bye');
      socket.end();
    },
  };
  const hear = (chunk: Buffer) => {
    let rest: Buffer | undefined = chunk;
    while (rest && rest.length > 0 && !socket.destroyed) {
      if (held) {
        held = Buffer.concat([held, rest]);
        return;
      }
      if (body) {
        const end = body.push(rest);
        if (!end && mail.behaviour.kind === 'drop') misbehaves('middle');
        rest = end?.rest;
        if (end) body = undefined;
        if (end) finish(end.raw, end.size);
        continue;
      }
      commands = Buffer.concat([commands, rest]);
      const end = commands.indexOf('\r\n');
      if (end < 0) return;
      const line = commands.subarray(0, end).toString('utf8');
      rest = commands.subarray(end + 2);
      commands = Buffer.alloc(0);
      const verb = verbs[line.slice(0, 4).toUpperCase()];
      if (verb) verb(line);
      else reply('502 unknown');
    }
  };
  socket.on('data', hear);
  reply(options.greeting ?? '220 sink');
}

/** Gathers a mail; the end may lie across two chunks, so the last bytes before are looked at again. */
function bodyReader(discard: boolean) {
  const chunks: Buffer[] = [];
  let size = 0;
  // What stands before the first line is the CRLF after DATA.
  let last: Buffer = Buffer.from('\r\n');
  return {
    push(chunk: Buffer): Readonly<{ raw: Buffer; size: number; rest: Buffer }> | undefined {
      const joined = Buffer.concat([last, chunk.subarray(0, chunk.length)]);
      const found = joined.indexOf('\r\n.\r\n');
      if (!discard) chunks.push(chunk);
      if (found < 0) {
        size += chunk.length;
        last = joined.subarray(Math.max(0, joined.length - 4));
        return undefined;
      }
      const end = size - last.length + found + 2;
      const raw = Buffer.concat(chunks).subarray(0, Math.max(0, end));
      return { raw, size: Math.max(0, end), rest: chunk.subarray(end + 3 - size) };
    },
  };
}

function addressIn(line: string): string {
  return /<(.*?)>/.exec(line)?.[1] ?? '';
}

function unstuffed(raw: Buffer): Buffer {
  return Buffer.from(raw.toString('latin1').replace(/^\.\./gm, '.'), 'latin1');
}
