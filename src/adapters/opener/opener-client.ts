/**
 * The keyholder's end of the channel: hands a mail to the child and hears what it holds. The child is taken for
 * hostile: its word is validated, its digests computed again, its time limited. Mails go one at a time.
 */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { AskSessionKey, Opened, OpeningTask, OpenMail, Unopenable } from '../../message/open/opened.ts';
import { minute, second } from '../../time/instant.ts';
import { readFrames, writeFrame } from './frame.ts';
import { fromChild } from './wire.ts';

export type OpenerClient = Readonly<{
  open: OpenMail;
  /** A fresh child from the supervisor; the one before is let go. */
  setSocket: (socket: Socket) => void;
  close: () => void;
}>;

export type OpenerLimits = Readonly<{
  /** Wall time for one mail; a child that hangs must not stop the list. */
  perMail: number;
  /** How long a mail waits for the supervisor's next child. */
  forChild: number;
}>;

const usualLimits: OpenerLimits = { perMail: 2 * minute, forChild: 20 * second };

/** Asks per mail: the root, the parts opened by hand, and none for a child that plays with our keys. */
const maximumAsks = 64;

/** `next` always has a read under way, so that a child's end is noticed while no mail is with it. */
type Line = Readonly<{ socket: Socket; next: () => Promise<IteratorResult<unknown, void>> }>;
type Answered = Awaited<ReturnType<AskSessionKey>>;

export function openerClient(first?: Socket, limits: OpenerLimits = usualLimits): OpenerClient {
  let line: Line | undefined;
  let waiting: (() => void) | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const drop = (lost: Line | undefined) => {
    lost?.socket.destroy();
    if (line === lost) line = undefined;
  };
  const setSocket = (socket: Socket) => {
    drop(line);
    const fresh = openLine(socket, () => drop(fresh));
    line = fresh;
    waiting?.();
  };
  const nextLine = async (): Promise<Line | undefined> => {
    if (!line) {
      await withDeadline(limits.forChild, (end) => {
        waiting = () => end(undefined);
      });
      waiting = undefined;
    }
    return line;
  };
  const openOne = async (task: OpeningTask, ask: AskSessionKey): Promise<Opened | Unopenable> => {
    const current = await nextLine();
    if (!current) return childFailed('No process that opens mail was there in time.');
    const ended = await converseWithin(limits.perMail, current, { task, ask });
    if (ended.kind === 'ask-failed') {
      drop(current);
      throw ended.error;
    }
    if (ended.kind === 'lost' || ended.last) drop(current);
    return ended.kind === 'lost' ? childFailed(ended.detail) : ended.mail;
  };
  if (first) setSocket(first);
  return {
    open: (task, ask) => {
      const result = turn.then(() => openOne(task, ask));
      turn = result.catch(() => undefined);
      return result;
    },
    setSocket,
    close: () => drop(line),
  };
}

function openLine(socket: Socket, onEnd: () => void): Line {
  const frames = readFrames(socket);
  const read = () => {
    const frame = frames.next();
    frame.then((got) => got.done === true && onEnd(), onEnd);
    return frame;
  };
  let ahead = read();
  // A socket without a listener would end the process at its first error.
  socket.on('error', onEnd);
  socket.on('close', onEnd);
  const next = () => {
    const frame = ahead;
    ahead = frame.then(read);
    ahead.catch(() => undefined);
    return frame;
  };
  return { socket, next };
}

function childFailed(detail: string): Unopenable {
  return { kind: 'unopenable', reason: 'child-failed', detail, outer: undefined };
}

type Ended =
  | Readonly<{ kind: 'done'; mail: Opened | Unopenable; last: boolean }>
  | Readonly<{ kind: 'lost'; detail: string }>
  /** Our own database or key failed: no fault of the mail or the child. */
  | Readonly<{ kind: 'ask-failed'; error: unknown }>;

type Work = Readonly<{ task: OpeningTask; ask: AskSessionKey }>;

async function converseWithin(limit: number, line: Line, work: Work): Promise<Ended> {
  const late = { kind: 'lost', detail: 'Opening it took longer than any mail should.' } as const;
  const ended = await withDeadline<Ended>(limit, (end) => {
    converse(line, work).then(end, () =>
      end({ kind: 'lost', detail: 'The process that opens mail ended, or said what it must not.' }),
    );
  });
  return ended ?? late;
}

async function converse(line: Line, work: Work): Promise<Ended> {
  await writeFrame(line.socket, { kind: 'task', task: work.task });
  const answers: NonNullable<Answered>[] = [];
  for (let asks = 0; asks <= maximumAsks; asks += 1) {
    const frame = await line.next();
    if (frame.done === true) return { kind: 'lost', detail: 'The process that opens mail ended.' };
    const said = fromChild.parse(frame.value);
    if (said.kind !== 'ask') {
      const believable = said.kind === 'unopenable' || agrees(said.mail, work.task, answers);
      if (!believable) return { kind: 'lost', detail: 'The process that opens mail contradicted itself.' };
      return { kind: 'done', mail: said.mail, last: said.last };
    }
    const asked = await work.ask(said.packets).then(
      (answer) => ({ kind: 'answered', answer }) as const,
      (error: unknown) => ({ kind: 'ask-failed', error }) as const,
    );
    if (asked.kind === 'ask-failed') return asked;
    if (asked.answer) answers.push(asked.answer);
    await writeFrame(line.socket, { kind: 'session-key', answer: asked.answer });
  }
  return { kind: 'lost', detail: 'The process that opens mail asked for too many keys.' };
}

/** What the keyholder knows itself must be so: which key it gave, what a digest is, whose certificates there are. */
function agrees(mail: Opened, task: OpeningTask, answers: readonly NonNullable<Answered>[]): boolean {
  const { encryption, signature } = mail;
  const key =
    encryption.kind === 'none' ||
    answers.some((answer) => answer.keyId === encryption.keyId && answer.list === encryption.list);
  const known = [...task.certificates, ...mail.enclosedCertificates].map((one) => one.fingerprint);
  const signer = [signature, ...mail.inner.map((part) => part.signature)].every(
    (verdict) => verdict.kind !== 'valid' || known.includes(verdict.fingerprint),
  );
  const digest = createHash('sha256').update(mail.entity).digest('hex');
  return key && signer && digest === mail.contentDigest;
}

/** What `start` ends with, or undefined when the time is over first. */
async function withDeadline<T>(
  limit: number,
  start: (end: (value: T) => void) => void,
): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<T | undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), limit);
      start(resolve);
    });
  } finally {
    clearTimeout(timer);
  }
}
