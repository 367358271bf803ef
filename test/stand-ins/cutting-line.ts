/**
 * The line between two programs, with a mind of its own: passes bytes on in both directions, and cuts the connection
 * after exactly so many of one of them, or keeps back what one side says. A TCP proxy on loopback.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export type Direction = 'out' | 'in';

/** What becomes of one connection: `out` is from whoever connects, `in` what is answered. */
export type Fate = Readonly<{
  cut?: Readonly<{ direction: Direction; after: number }>;
  /** Nothing that is answered after so many bytes passes before this resolves. */
  hold?: Readonly<{ after: number; until: Promise<void> }>;
}>;

export type CuttingLine = Readonly<{
  port: number;
  connections: () => number;
  /** What has passed on the nth connection. */
  passed: (connection: number, direction: Direction) => string;
  close: () => Promise<void>;
}>;

export async function cuttingLine(
  target: () => number,
  fateOf: (connection: number) => Fate | undefined,
): Promise<CuttingLine> {
  const passed: Record<Direction, string>[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const fate = fateOf(passed.length) ?? {};
    const record = { out: '', in: '' };
    passed.push(record);
    const far = connect({ host: '127.0.0.1', port: target() });
    const cut = () => {
      // In good order, so that what has passed arrives.
      near.end(() => near.destroy());
      far.end(() => far.destroy());
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', cut).on('close', cut);
    }
    const pass = (direction: Direction, to: Socket) => (bytes: Buffer) => {
      if (to.writableEnded) return;
      const room =
        fate.cut?.direction === direction
          ? fate.cut.after - record[direction].length
          : Number.POSITIVE_INFINITY;
      const part = bytes.subarray(0, Math.max(0, Math.min(bytes.length, room)));
      record[direction] += part.toString('latin1');
      if (part.length > 0) to.write(part);
      if (record[direction].length >= (fate.cut?.direction === direction ? fate.cut.after : Infinity)) cut();
    };
    near.on('data', pass('out', far));
    const back = pass('in', near);
    let held: Promise<void> = Promise.resolve();
    far.on('data', (bytes: Buffer) => {
      const { hold } = fate;
      if (hold && record.in.length >= hold.after) held = held.then(() => hold.until);
      if (hold) held = held.then(() => back(bytes));
      else back(bytes);
    });
    if (fate.cut?.after === 0) cut();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A line has a port.');
  return {
    port: address.port,
    connections: () => passed.length,
    passed: (connection, direction) => passed[connection]?.[direction] ?? '',
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
