/**
 * Waking a process when there may be work. NOTIFY carries an empty payload, as every role of the database may listen
 * (P2). Correctness never rests on it: a lost notification costs at most the time that `wait` was asked for.
 */
import { Client, type ClientConfig } from 'pg';

export type Channel =
  | 'embargod_intake'
  | 'embargod_keyholder'
  | 'embargod_sender'
  | 'embargod_operator'
  | 'embargod_public';

export type Wake = Readonly<{
  /** Resolves at a notification since the last call, or after so many milliseconds. */
  wait: (longest: number) => Promise<void>;
  close: () => Promise<void>;
}>;

export function openWake(config: ClientConfig, channel: Channel): Wake {
  let client: Client | undefined;
  let connecting: Promise<void> | undefined;
  let rung = false;
  let closed = false;
  const waiting = new Set<() => void>();
  const note = () => {
    rung = true;
    for (const wakeUp of waiting) wakeUp();
  };

  async function connect(): Promise<void> {
    const next = new Client(config);
    next.on('error', () => undefined);
    next.on('end', () => {
      if (client !== next) return;
      client = undefined;
      note();
    });
    next.on('notification', note);
    try {
      await next.connect();
      await next.query(`LISTEN ${channel}`);
      client = next;
      // What was notified while nobody listened is not lost: look once.
      note();
    } catch {
      await next.end().catch(() => undefined);
    }
  }

  return {
    wait: async (longest) => {
      if (!client && !connecting && !closed) {
        connecting = connect().finally(() => {
          connecting = undefined;
        });
      }
      if (!rung && !closed) await bell(longest, waiting);
      rung = false;
    },
    close: async () => {
      closed = true;
      note();
      await connecting;
      await client?.end();
    },
  };
}

function bell(longest: number, waiting: Set<() => void>): Promise<void> {
  return new Promise((resolve) => {
    const wakeUp = () => {
      clearTimeout(timer);
      waiting.delete(wakeUp);
      resolve();
    };
    const timer = setTimeout(wakeUp, longest);
    waiting.add(wakeUp);
  });
}
