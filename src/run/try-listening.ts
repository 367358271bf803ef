import { once } from 'node:events';
import { createServer } from 'node:net';
import { codeOf } from '../adapters/log/log.ts';
import type { HostPort } from './config/quantities.ts';

/** Listens for a moment, alone: undefined when that is possible, else the system's code, such as `EADDRINUSE`. */
export async function tryListening({ host, port }: HostPort): Promise<string | undefined> {
  const server = createServer();
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    return codeOf(error);
  }
  server.close();
  await once(server, 'close');
  return undefined;
}
