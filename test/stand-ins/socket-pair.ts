import { connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** Both ends of one connection. */
export async function socketPair(context: TestContext): Promise<readonly [Socket, Socket]> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const near = connect(address.port, '127.0.0.1');
  const far = await accepted;
  for (const socket of [near, far]) socket.on('error', () => undefined);
  context.after(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return [near, far];
}
