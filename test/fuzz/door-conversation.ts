import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openDoor } from '../../src/adapters/smtp/door.ts';
import { defaultDoorLimits } from '../../src/adapters/smtp/door-limits.ts';
import type { Delivered } from '../../src/adapters/smtp/door-parameters.ts';
import { accepted, replies } from '../../src/adapters/smtp/door-replies.ts';
import { parseAddress } from '../../src/mail/address.ts';
import { instantFromMilliseconds } from '../../src/time/instant.ts';

export type Conversation = Readonly<{
  /** Everything the door said after its greeting, a character for each byte. */
  heard: string;
  /** The same, reply by reply, the lines of one joined by LF. */
  replies: readonly string[];
  /** What was committed, in order. */
  rows: readonly Readonly<{ id: string; mail: Delivered }>[];
  /** The door ended it before the client did. */
  sentAway: boolean;
}>;

/** A mail with this in it finds the database gone. */
export const failingWord = 'X-Commit: fails\r\n';

/** Rates do not bind, and nobody waits for a silent peer longer than a test may. */
const limits = { ...defaultDoorLimits, messageBurst: 1e6, connectionsPerNetwork: 1e3, idle: 20_000 };

/** Dials a door of its own, waits for the greeting, says the pieces one after the other, hears all until it ends. */
export async function converse(pieces: readonly Uint8Array[]): Promise<Conversation> {
  const rows: { id: string; mail: Delivered }[] = [];
  const door = await openDoor({
    protocol: 'smtp',
    host: '127.0.0.1',
    port: 0,
    hostName: 'mail.lists.example',
    limits,
    clock: () => instantFromMilliseconds(1_795_000_000_000),
    recipient: async (text) => {
      const address = parseAddress(text);
      if (!address) return { kind: 'refused', reply: replies.badRecipient };
      if (!text.toLowerCase().endsWith('@lists.example')) return { kind: 'refused', reply: replies.noRelay };
      if (text.startsWith('nobody')) return { kind: 'refused', reply: replies.unknownRecipient };
      return { kind: 'accepted', address };
    },
    accept: async (mail) => {
      await nextTurn();
      if (Buffer.from(mail.raw).includes(failingWord)) throw new Error('The database is gone.');
      const id = `${rows.length}-${createHash('sha256').update(mail.raw).digest('hex').slice(0, 8)}`;
      rows.push({ id, mail });
      return accepted(id);
    },
    log: () => undefined,
  });
  try {
    const { heard, reset } = await talk(door.address.port, pieces);
    const said = [...heard.matchAll(/(?:\d{3}-[^\r\n]*\r\n)*\d{3}(?: [^\r\n]*)?\r\n/g)];
    const all = said.map(([reply]) => reply.trimEnd().replaceAll('\r\n', '\n'));
    return { heard, replies: all, rows, sentAway: reset || all.some((reply) => reply.startsWith('421')) };
  } finally {
    await door.stop();
  }
}

async function talk(
  port: number,
  pieces: readonly Uint8Array[],
): Promise<Readonly<{ heard: string; reset: boolean }>> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const chunks: Buffer[] = [];
  let reset = false;
  socket.on('error', () => {
    reset = true;
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await once(socket, 'data');
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  for (const piece of pieces) {
    if (socket.destroyed) break;
    socket.write(piece);
    // Each piece leaves as a packet of its own, or nearly always.
    if (pieces.length > 1) await nextTurn();
  }
  await closed;
  return { heard: Buffer.concat(chunks).toString('latin1'), reset };
}
