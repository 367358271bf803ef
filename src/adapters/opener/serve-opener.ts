/**
 * The child's end of the channel: opens mail after mail with what it is handed, asks back for session keys, keeps
 * nothing. Ends when the keyholder does, or after its share of mails, so that a taken-over child does not live long.
 */
import type { Socket } from 'node:net';
import { openMail } from '../../message/open/open-mail.ts';
import type { AskSessionKey } from '../../message/open/opened.ts';
import type { OpenMailTools } from '../../message/open/opening-tools.ts';
import { FrameFault, readFrames, writeFrame } from './frame.ts';
import { fromKeyholder } from './wire.ts';

export type OpenerShare = Readonly<{
  mails: number;
  /** Asked after each mail; the kernel's own limit is the supervisor's (P3). */
  spent: () => boolean;
}>;

/** Resolves when it is done; rejects when the keyholder's word is none (it then ends as a process, too). */
export async function serveOpener(socket: Socket, tools: OpenMailTools, share: OpenerShare): Promise<void> {
  const frames = readFrames(socket);
  const ask: AskSessionKey = async (packets) => {
    await writeFrame(socket, { kind: 'ask', packets });
    const frame = await frames.next();
    if (frame.done === true) throw new FrameFault('The keyholder went away.');
    const said = fromKeyholder.parse(frame.value);
    if (said.kind !== 'session-key') throw new FrameFault('The keyholder did not answer what was asked.');
    return said.answer;
  };
  for (let count = 1; ; count += 1) {
    const frame = await frames.next();
    if (frame.done === true) return;
    const said = fromKeyholder.parse(frame.value);
    if (said.kind !== 'task') throw new FrameFault('The keyholder answered what was not asked.');
    const mail = await openMail(said.task, ask, tools);
    const last = count >= share.mails || share.spent();
    await writeFrame(socket, { kind: 'reason' in mail ? 'unopenable' : 'opened', mail, last });
    if (last) return;
  }
}
