import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type Sink = Readonly<{
  port: number;
  pid: number;
  /** When so many mails had come in all, in milliseconds since 1970. */
  taken: (count: number) => Promise<number>;
  close: () => void;
}>;

/** The sink as a process of its own, so that its work is nobody's share. */
export async function startSink(): Promise<Sink> {
  const child = fork(fileURLToPath(new URL('sink-process.ts', import.meta.url)), { execArgv: [] });
  const [{ port }] = await once(child, 'message');
  return {
    port,
    pid: child.pid ?? 0,
    taken: async (count) => {
      const answer = once(child, 'message');
      child.send({ awaited: count });
      const [{ at }] = await answer;
      return at;
    },
    close: () => child.disconnect(),
  };
}
