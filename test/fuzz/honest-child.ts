/**
 * The child as the keyholder hears it: an honest one at the other end of a real socket, its word read as strictly as any
 * (P3). A mail that makes an honest child say what is not believed costs that child and is held unread.
 */
import { connect, createServer, type Socket } from 'node:net';
import { openerClient } from '../../src/adapters/opener/opener-client.ts';
import { serveOpener } from '../../src/adapters/opener/serve-opener.ts';
import { encryptBody, literalHeader } from '../../src/adapters/openpgp/integrity-protected.ts';
import { writePacket } from '../../src/adapters/openpgp/packets.ts';
import type { AskSessionKey, Opened, Unopenable } from '../../src/message/open/opened.ts';
import { instantFromMilliseconds } from '../../src/time/instant.ts';
import { tools } from '../fixtures/mail/opening-bench.ts';

export type HonestChild = Readonly<{
  open: (raw: Uint8Array) => Promise<Opened | Unopenable>;
  stop: () => Promise<void>;
}>;

const now = instantFromMilliseconds(Date.UTC(2026, 10, 23, 12));
const patience = { perMail: 60_000, perCertificate: 60_000, forChild: 20_000 };

/** What opens everything that names the one list key: never a secret, so that a corpus may hold what it opens. */
const sessionKey = { algorithm: 'aes256', bytes: new Uint8Array(32).fill(1) } as const;
const listKeyId = '0123456789ABCDEF';
const ask: AskSessionKey = async () => ({ sessionKey, keyId: listKeyId, list: 'linux-distros' });

/** A mail whose one part is encrypted to the list and holds this entity (RFC 3156 §4). */
export function sealed(entity: Uint8Array): Uint8Array {
  const wrapped = writePacket(
    1,
    Uint8Array.of(3),
    Buffer.from(listKeyId, 'hex'),
    new Uint8Array(40).fill(18),
  );
  const body = encryptBody(sessionKey, [literalHeader(entity.length), entity]);
  const head = [
    'From: Rita <rita@reporter.example>',
    'To: linux-distros@lists.example.org',
    'Subject: ...',
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="sealed"',
    '\r\n--sealed\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1',
    '--sealed\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64',
    '',
    Buffer.concat([wrapped, body]).toString('base64'),
    '--sealed--\r\n',
  ];
  return Buffer.from(head.join('\r\n'));
}

export async function startHonestChild(): Promise<HonestChild> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    serveOpener(socket, tools, { tasks: Number.POSITIVE_INFINITY, spent: () => false }).catch(() =>
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
      const opened = await client.open({ raw, listKeyIds: [listKeyId], certificates: [], now }, ask);
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
