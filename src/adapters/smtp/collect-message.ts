import type { SMTPServerDataStream } from 'smtp-server';
import { type Reply, replies } from './door-replies.ts';
import { type WireFault, wireBytes } from './wire-bytes.ts';

/** The memory that unfinished mails of all connections share. */
export type Room = { used: number; readonly limit: number };

export type Collected =
  | Readonly<{ kind: 'message'; raw: Buffer }>
  | Readonly<{ kind: 'refused'; reply: Reply }>
  | Readonly<{ kind: 'lost' }>;

/**
 * Reads one mail as it came: CRLF, dots unstuffed, nothing rewritten. Once it is refused the rest is read and thrown
 * away, so that the peer hears why at the end. The caller gives the memory back with `release`.
 */
export function collectMessage(
  stream: SMTPServerDataStream,
  room: Room,
  messageBytes: number,
): Promise<Readonly<{ collected: Collected; release: () => void }>> {
  const wire = wireBytes();
  let chunks: Buffer[] = [];
  let held = 0;
  let received = 0;
  let refusal: Reply | undefined;
  let ended = false;
  const release = () => {
    room.used -= held;
    held = 0;
    chunks = [];
  };
  const refuse = (reply: Reply) => {
    refusal = reply;
    release();
  };
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (refusal) return;
      const fault = wire.check(chunk);
      if (received > messageBytes) return refuse(replies.tooLarge);
      if (fault) return refuse(replyToFault(fault));
      if (room.used + chunk.length > room.limit) return refuse(replies.full);
      room.used += chunk.length;
      held += chunk.length;
      chunks.push(chunk);
    });
    stream.on('end', () => {
      ended = true;
      const fault = wire.end();
      if (!refusal && fault) refuse(replyToFault(fault));
      if (refusal) return resolve({ collected: { kind: 'refused', reply: refusal }, release });
      const raw = Buffer.concat(chunks);
      chunks = [];
      resolve({ collected: { kind: 'message', raw }, release });
    });
    const lost = () => {
      if (ended) return;
      release();
      resolve({ collected: { kind: 'lost' }, release });
    };
    stream.on('error', lost);
    stream.on('close', lost);
  });
}

function replyToFault(fault: WireFault): Reply {
  return fault === 'nul' ? replies.nul : replies.bareLineEnd;
}
