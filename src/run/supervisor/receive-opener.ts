import { Socket } from 'node:net';

/**
 * The keyholder's side of `hand-over-opener.ts`: calls `use` with each new opener's socket, once it is ours alone.
 * The one before has then ended or is about to.
 */
export function receiveOpeners(use: (socket: Socket) => void): void {
  let waiting: Socket | undefined;
  process.on('message', (message: unknown, handle: unknown) => {
    const kind = kindOf(message);
    if (kind === 'opener' && handle instanceof Socket) waiting = handle;
    if (kind === 'opener-is-yours' && waiting !== undefined) {
      use(waiting);
      waiting = undefined;
    }
  });
  // Waiting for an opener alone is no reason to stay.
  process.channel?.unref();
}

function kindOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'kind' in message ? message.kind : undefined;
}
