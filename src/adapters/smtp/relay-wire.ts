import type { Socket } from 'node:net';
import { replyParser, type ServerReply } from './reply-parser.ts';

export type WireFault = 'connection-lost' | 'timed-out' | 'reply-malformed' | 'closed';

/** Why a dialogue could not go on. `code` is our word; the peer's text is never kept. */
export class WireError extends Error {
  readonly code: WireFault;
  constructor(code: WireFault) {
    super(`The connection to the relay cannot be used any more: ${code}.`);
    this.code = code;
  }
}

type Waiter = Readonly<{ resolve: (reply: ServerReply) => void; reject: (error: WireError) => void }>;

/** Small mails go out in one piece, so that one packet and one system call carry them. */
const joinBelow = 64 * 1024;
/** Large ones in pieces of this size, each of which must leave in time: a slow line is not a dead one. */
const pieceSize = 512 * 1024;

/** Bytes out, replies in, each with its time limit. After a fault nothing works any more. */
export function relayWire(socket: Socket) {
  const parser = replyParser();
  const replies: ServerReply[] = [];
  const waiters: Waiter[] = [];
  let fault: WireError | undefined;
  let unblock: (() => void) | undefined;

  const fail = (code: WireFault) => {
    if (fault) return;
    fault = new WireError(code);
    socket.destroy();
    for (const waiter of waiters.splice(0)) waiter.reject(fault);
    unblock?.();
  };
  const onData = (bytes: Buffer) => {
    const found = parser.push(bytes);
    if (found === 'malformed') return fail('reply-malformed');
    for (const reply of found) {
      const waiter = waiters.shift();
      if (waiter) waiter.resolve(reply);
      else replies.push(reply);
    }
  };
  const onLost = () => fail('connection-lost');
  socket.on('data', onData);
  for (const event of ['error', 'end', 'close']) socket.on(event, onLost);
  socket.setNoDelay(true);

  const writeOne = async (piece: Uint8Array, within: number) => {
    if (fault) throw fault;
    if (socket.write(piece)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => fail('timed-out'), within);
      const go = () => {
        clearTimeout(timer);
        socket.off('drain', go);
        resolve();
      };
      unblock = go;
      socket.once('drain', go);
    });
    unblock = undefined;
    if (fault) throw fault;
  };

  return {
    async write(pieces: readonly Uint8Array[], within: number): Promise<void> {
      const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
      if (total <= joinBelow) return writeOne(Buffer.concat(pieces), within);
      for (const piece of pieces) {
        for (let at = 0; at < piece.length; at += pieceSize) {
          await writeOne(piece.subarray(at, at + pieceSize), within);
        }
      }
    },
    reply(within: number): Promise<ServerReply> {
      const ready = replies.shift();
      if (ready) return Promise.resolve(ready);
      if (fault) return Promise.reject(fault);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => fail('timed-out'), within);
        waiters.push({
          resolve: (reply) => {
            clearTimeout(timer);
            resolve(reply);
          },
          reject: (error) => {
            clearTimeout(timer);
            reject(error);
          },
        });
      });
    },
    /** A reply that came although nobody had asked: the peer and we no longer mean the same thing. */
    get ahead(): boolean {
      return replies.length > 0 || parser.unfinished;
    },
    get usable(): boolean {
      return fault === undefined;
    },
    /** Gives the socket back, for TLS on top of it; this wire is done. */
    release(): void {
      socket.off('data', onData);
      for (const event of ['end', 'close']) socket.off(event, onLost);
      fault = new WireError('closed');
    },
    close(): void {
      fail('closed');
    },
  };
}

export type RelayWire = ReturnType<typeof relayWire>;
