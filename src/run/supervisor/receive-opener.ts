import { Socket } from 'node:net';
import type { KeyholderMessage } from './hand-over-opener.ts';
import { kindOf } from './message-kind.ts';

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

/** The opener at hand does not answer, and may never end by itself: only the supervisor may end it (P3). */
export function reportHangingOpener(): void {
  const hangs: KeyholderMessage = { kind: 'opener-hangs' };
  // A supervisor that is gone takes both of us with it.
  process.send?.(hangs, undefined, {}, () => {});
}
