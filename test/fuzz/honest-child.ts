/**
 * The child as the keyholder hears it: an honest one at the other end of a real socket, its word read as strictly as any
 * (P3). A mail that makes an honest child say what is not believed costs that child and is held unread.
 */
import { connect, createServer, type Socket } from 'node:net';
import { openerClient } from '../../src/adapters/opener/opener-client.ts';
import { serveOpener } from '../../src/adapters/opener/serve-opener.ts';
import type { Opened, OpenMail, Unopenable } from '../../src/message/open/opened.ts';
import { instantFromMilliseconds } from '../../src/time/instant.ts';
import { tools } from '../fixtures/mail/opening-bench.ts';

export type HonestChild = Readonly<{
  open: (raw: Uint8Array) => Promise<Opened | Unopenable>;
  stop: () => Promise<void>;
}>;

const now = instantFromMilliseconds(Date.UTC(2026, 10, 23, 12));
const patience = { perMail: 60_000, perCertificate: 60_000, forChild: 20_000 };

/** None of our keys opens anything: `ask` is answered so, unless a test has better. */
export async function startHonestChild(
  ask: Parameters<OpenMail>[1] = async () => undefined,
): Promise<HonestChild> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    serveOpener(socket, tools, { mails: Number.POSITIVE_INFINITY, spent: () => false }).catch(() =>
      socket.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');
  const dial = () => connect(address.port, '127.0.0.1').on('error', () => undefined);
  const client = openerClient(dial(), patience);
  return {
    open: async (raw) => {
      const opened = await client.open({ raw, listKeyIds: ['0123456789ABCDEF'], certificates: [], now }, ask);
      // The line is dropped after a word that was not believed: the next mail needs another.
      if ('kind' in opened && opened.reason === 'child-failed') client.setSocket(dial());
      return opened;
    },
    stop: async () => {
      client.close();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
