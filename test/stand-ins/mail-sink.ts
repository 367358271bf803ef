/**
 * A real SMTP server that other people's mail servers are played by: takes mail over sockets, keeps its own append-only
 * log on disk (so that a kill test can ask it, not us, what arrived), and behaves badly when told to.
 */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { type SinkEntry as Entry, serveSinkSession } from './mail-sink-session.ts';

/** What the sink does for one recipient; the last of a list goes on for ever. */
export type SinkBehaviour =
  | Readonly<{ kind: 'take' }>
  /** A reply to RCPT, DATA or the final dot. */
  | Readonly<{ kind: 'reply'; at: 'recipient' | 'data' | 'end'; code: number }>
  | Readonly<{ kind: 'drop'; at: 'recipient' | 'data' | 'middle' | 'end-untaken' | 'end-taken' }>
  /** Goes on as if nothing were, but only once the promise resolves; `reached` is called when it begins to wait. */
  | Readonly<{ kind: 'wait'; at: 'recipient'; until: Promise<void>; reached: () => void }>
  /** Says nothing at this point until the sink closes. */
  | Readonly<{ kind: 'silent'; at: 'recipient' | 'end' }>;

/** One mail that the sink took; `raw` as it came, dots unstuffed. */
export type SunkMail = Readonly<{ from: string; recipient: string; raw: string }>;

export type MailSink = Readonly<{
  port: number;
  mails: () => readonly SunkMail[];
  /** Everything that happened, one JSON object a line, in order. */
  log: () => readonly Readonly<Record<string, string | number>>[];
  /** Resolves once that many mails have been taken in all. */
  taken: (count: number) => Promise<void>;
  connections: () => number;
  close: () => Promise<void>;
}>;

export type MailSinkOptions = Readonly<{
  /** Append-only log with the mails; without it they are kept in memory. */
  logFile?: string;
  behaviour?: (recipient: string, attempt: number) => SinkBehaviour;
  pipelining?: boolean;
  extensions?: readonly string[];
  greeting?: string;
  /** Bytes are counted and thrown away: for benches. */
  discard?: boolean;
  /** Told of each entry of the log once it is written, and before its reply leaves; entries then have `at`, in ms. */
  onEntry?: (entry: Entry) => void;
}>;

export async function startMailSink(options: MailSinkOptions = {}): Promise<MailSink> {
  const file = options.logFile === undefined ? undefined : openSync(options.logFile, 'a');
  const memory: Entry[] = [];
  const waiting = new Set<() => void>();
  let takenCount = 0;
  let opened = 0;
  const sockets = new Set<Socket>();
  const attempts = new Map<string, number>();
  const record = (happened: Entry) => {
    const entry = options.onEntry ? { ...happened, at: Date.now() } : happened;
    if (file === undefined) memory.push(entry);
    else {
      writeSync(file, `${JSON.stringify(entry)}\n`);
      fsyncSync(file);
    }
    if (entry.event === 'taken') takenCount += 1;
    for (const wake of waiting) wake();
    options.onEntry?.(entry);
  };
  const server = createServer({ noDelay: true }, (socket) => {
    opened += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    const attempt = (recipient: string) => {
      const before = attempts.get(recipient) ?? 0;
      attempts.set(recipient, before + 1);
      return options.behaviour?.(recipient, before) ?? { kind: 'take' };
    };
    serveSinkSession(socket, options, attempt, record);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A sink listens on a TCP port.');
  const log = (): readonly Entry[] =>
    options.logFile === undefined
      ? memory
      : readFileSync(options.logFile, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line): Entry => JSON.parse(line));
  return {
    port: address.port,
    log,
    mails: () =>
      log()
        .filter((entry) => entry.event === 'taken')
        .map((entry) => ({
          from: String(entry.from),
          recipient: String(entry.recipient),
          raw: Buffer.from(String(entry.raw), 'base64').toString('latin1'),
        })),
    taken: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (takenCount < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    connections: () => opened,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      if (file !== undefined) closeSync(file);
    },
  };
}
