/**
 * The child's end of the channel: opens mail after mail with what it is handed, asks back for session keys, reads
 * certificates, keeps nothing. Ends when the keyholder does, or after its share, so that a taken-over child does not live
 * long.
 */
import type { Socket } from 'node:net';
import type { ExamineCertificates } from '../../membership/certificate.ts';
import { openMail } from '../../message/open/open-mail.ts';
import type { AskSessionKey } from '../../message/open/opened.ts';
import type { OpenMailTools } from '../../message/open/opening-tools.ts';
import { FrameFault, readFrames, writeFrame } from './frame.ts';
import { fromKeyholder } from './wire.ts';

/** What the child works with: the library's public half, and no key. */
export type OpenerTools = OpenMailTools & Readonly<{ examine: ExamineCertificates }>;

type Said = ReturnType<(typeof fromKeyholder)['parse']>;

export type OpenerShare = Readonly<{
  /** Mails and certificates. */
  tasks: number;
  /** Asked after each task; the kernel's own limit is the supervisor's (P3). */
  spent: () => boolean;
}>;

/** Resolves when it is done; rejects when the keyholder's word is none (it then ends as a process, too). */
export async function serveOpener(socket: Socket, tools: OpenerTools, share: OpenerShare): Promise<void> {
  const frames = readFrames(socket);
  const ask: AskSessionKey = async (packets) => {
    await writeFrame(socket, { kind: 'ask', packets });
    const frame = await frames.next();
    if (frame.done === true) throw new FrameFault('The keyholder went away.');
    const said = fromKeyholder.parse(frame.value);
    if (said.kind !== 'session-key') throw new FrameFault('The keyholder did not answer what was asked.');
    return said.answer;
  };
  // Apart from the loop, which would keep one mail in memory while it waits for the next.
  const serveNext = async (isLast: () => boolean): Promise<boolean> => {
    const frame = await frames.next();
    if (frame.done === true) return false;
    const done = await workOn(fromKeyholder.parse(frame.value), ask, tools);
    const last = isLast();
    await writeFrame(socket, { ...done, last });
    return !last;
  };
  for (let count = 1; await serveNext(() => count >= share.tasks || share.spent()); count += 1);
}

/** What the child says when it is through with a task. */
async function workOn(said: Said, ask: AskSessionKey, tools: OpenerTools) {
  switch (said.kind) {
    case 'open': {
      const mail = await openMail(said.task, ask, tools);
      return { kind: 'reason' in mail ? 'unopenable' : 'opened', mail };
    }
    case 'examine':
      return { kind: 'examined', certificates: await tools.examine(said.bytes, said.now, said.extent) };
    case 'session-key':
      throw new FrameFault('The keyholder answered what was not asked.');
  }
}
