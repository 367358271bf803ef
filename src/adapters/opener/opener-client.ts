/**
 * The keyholder's end of the channel: hands a mail or a certificate to the child and hears what it holds. The child is
 * taken for hostile: its word is validated, its digests computed again, its time limited. One thing goes at a time.
 */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type {
  CertificateExtent,
  ExamineCertificates,
  ExaminedCertificate,
} from '../../membership/certificate.ts';
import type { AskSessionKey, Opened, OpeningTask, OpenMail, Unopenable } from '../../message/open/opened.ts';
import { wholeContent } from '../../message/open/whole-content.ts';
import { type Instant, minute, second } from '../../time/instant.ts';
import { writeFrame } from './frame.ts';
import { type Line, openLine, withDeadline } from './opener-line.ts';
import { fromChild } from './wire.ts';

export type OpenerClient = Readonly<{
  open: OpenMail;
  /** Nothing for a certificate that ends every child; rejects with `no-opener` when there is no child to ask. */
  examine: ExamineCertificates;
  /** A fresh child from the supervisor; the one before is let go. */
  setSocket: (socket: Socket) => void;
  close: () => void;
}>;

export type OpenerLimits = Readonly<{
  /** Wall time for one mail; a child that hangs must not stop the list. */
  perMail: number;
  /** Wall time for the certificates in one file. */
  perCertificate: number;
  /** How long work waits for the supervisor's next child. */
  forChild: number;
}>;

/** Told that a child took too long: it may never end by itself, and nothing is opened until it has. */
export type OnHanging = () => void;

const usualLimits: OpenerLimits = {
  perMail: 2 * minute,
  perCertificate: 20 * second,
  forChild: 20 * second,
};

/** A certificate may have met a child at its end, killed by the mail before; a second end is its own doing. */
const triesPerCertificate = 2;
/** The same for a mail: one child was killed by somebody else. One that takes too long, or lies, is not followed by a second. */
const triesPerMail = 2;

/** Asks per mail: the root, the parts opened by hand, and none for a child that plays with our keys. */
const maximumAsks = 64;

type Answered = Awaited<ReturnType<AskSessionKey>>;

export function openerClient(
  first?: Socket,
  limits: OpenerLimits = usualLimits,
  onHanging: OnHanging = () => undefined,
): OpenerClient {
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
    for (let tries = 1; ; tries += 1) {
      const current = await nextLine();
      // The supervisor's trouble, and not the mail's: it keeps its place.
      if (!current) throw noOpener();
      const ended = await converseWithin(limits.perMail, current, { task, ask });
      if (ended.kind !== 'done' || ended.last) drop(current);
      if (ended.kind === 'ask-failed') throw ended.error;
      if (ended.kind === 'done') return ended.mail;
      if (ended.kind === 'late') onHanging();
      if (ended.kind !== 'lost' || tries >= triesPerMail) return childFailed(ended.detail);
    }
  };
  const examineOne = async (task: ExaminingTask): Promise<readonly ExaminedCertificate[]> => {
    for (let tries = 0; tries < triesPerCertificate; tries += 1) {
      const current = await nextLine();
      if (!current) throw noOpener();
      const said = await askAboutCertificates(limits.perCertificate, current, task);
      if (!said || said.last) drop(current);
      if (said) return said.certificates;
    }
    return [];
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    // Of what it resolves to nothing is kept: it is a whole mail.
    turn = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  };
  if (first) setSocket(first);
  return {
    open: (task, ask) => inTurn(() => openOne(task, ask)),
    examine: (bytes, now, extent = 'whole') => inTurn(() => examineOne({ bytes, now, extent })),
    setSocket,
    close: () => drop(line),
  };
}

function childFailed(detail: string): Unopenable {
  return { kind: 'unopenable', reason: 'child-failed', detail, outer: undefined };
}

type Ended =
  | Readonly<{ kind: 'done'; mail: Opened | Unopenable; last: boolean }>
  /** The child ended; or it took too long; or it said what it must not. */
  | Readonly<{ kind: 'lost' | 'late' | 'lied'; detail: string }>
  /** Our own database or key failed: no fault of the mail or the child. */
  | Readonly<{ kind: 'ask-failed'; error: unknown }>;

function noOpener(): Error & { code: string } {
  return Object.assign(new Error('No process that opens mail was there in time.'), {
    code: 'no-opener',
  });
}

type ExaminingTask = Readonly<{ bytes: Uint8Array; now: Instant; extent: CertificateExtent }>;
type Examined = Extract<ReturnType<(typeof fromChild)['parse']>, { kind: 'examined' }>;

/** Undefined when the child ended, took too long, or said what it must not. */
function askAboutCertificates(limit: number, line: Line, task: ExaminingTask): Promise<Examined | undefined> {
  const asked = async () => {
    await writeFrame(line.socket, { kind: 'examine', ...task });
    const frame = await line.next();
    const said = frame.done === true ? undefined : fromChild.parse(frame.value);
    return said?.kind === 'examined' ? said : undefined;
  };
  return withDeadline<Examined | undefined>(limit, (end) => {
    asked().then(end, () => end(undefined));
  });
}

type Work = Readonly<{ task: OpeningTask; ask: AskSessionKey }>;

async function converseWithin(limit: number, line: Line, work: Work): Promise<Ended> {
  const late = { kind: 'late', detail: 'Opening it took longer than any mail should.' } as const;
  const ended = await withDeadline<Ended>(limit, (end) => {
    converse(line, work).then(end, () => end({ kind: 'lost', detail: 'The process that opens mail ended.' }));
  });
  return ended ?? late;
}

const contradiction = { kind: 'lied', detail: 'The process that opens mail said what it must not.' } as const;

async function converse(line: Line, work: Work): Promise<Ended> {
  await writeFrame(line.socket, { kind: 'open', task: work.task });
  const answers: NonNullable<Answered>[] = [];
  for (let asks = 0; asks <= maximumAsks; asks += 1) {
    const frame = await line.next();
    if (frame.done === true) return { kind: 'lost', detail: 'The process that opens mail ended.' };
    const parsed = fromChild.safeParse(frame.value);
    if (!parsed.success || parsed.data.kind === 'examined') return contradiction;
    const said = parsed.data;
    if (said.kind !== 'ask') {
      const believable = said.kind === 'unopenable' || agrees(said.mail, work.task, answers);
      if (!believable) return contradiction;
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
  return { kind: 'lied', detail: 'The process that opens mail asked for too many keys.' };
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
  const digest = createHash('sha256').update(wholeContent(mail)).digest('hex');
  return key && signer && digest === mail.contentDigest;
}
