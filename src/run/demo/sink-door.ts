import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { HostPort } from '../config/quantities.ts';
import type { SinkStore } from './sink-store.ts';

/** Takes all mail for anybody and keeps it: the end of the line for a demo. */
export async function openSinkDoor(
  at: HostPort,
  store: SinkStore,
  now: () => Date,
): Promise<Readonly<{ port: number; close: () => Promise<void> }>> {
  const server = new SMTPServer({
    name: 'sink.invalid',
    banner: 'demo sink: nothing leaves this machine',
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 1_000,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks);
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        Promise.all(recipients.map((recipient) => store.deliver(recipient, raw, now()))).then(
          () => done(null, 'kept by the demo sink'),
          () => done(Object.assign(new Error('The demo sink cannot store mail.'), { responseCode: 451 })),
        );
      });
    },
  });
  // Peers that vanish are everyday life; without a listener the process would end.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  const address: AddressInfo | string | null = server.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : at.port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
