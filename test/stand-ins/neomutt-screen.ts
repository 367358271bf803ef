/** A terminal of tmux around one program, spoken to in tmux's control mode: it tells when the screen changes. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Screen = Readonly<{
  /** Keys by their names in tmux: `Enter`, `j`. */
  press: (...keys: readonly string[]) => Promise<void>;
  /** The screen, once it shows this; fails with what it shows instead. */
  shows: (pattern: RegExp) => Promise<string>;
  close: () => Promise<void>;
}>;

export type ScreenOptions = Readonly<{
  program: readonly string[];
  /** For tmux's socket; a short path (a socket's may have at most 108 bytes). */
  directory: string;
  environment: Readonly<Record<string, string>>;
  columns: number;
  rows: number;
}>;

/** How long a test waits for what a screen should show, before it tells what is there. */
const patience = 20_000;

export async function openScreen(options: ScreenOptions): Promise<Screen> {
  // A socket of its own: the server before may still be on its way out.
  const tmux = ['-S', join(options.directory, `screen-${randomBytes(3).toString('hex')}`), '-f', '/dev/null'];
  const size = ['-x', String(options.columns), '-y', String(options.rows)];
  const server = spawn('tmux', [...tmux, 'new-session', '-d', ...size, ...options.program], {
    env: options.environment,
    stdio: 'ignore',
  });
  await once(server, 'close');
  const control = spawn('tmux', [...tmux, '-C', 'attach'], {
    env: options.environment,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const conversation = converse(control.stdout);
  const ended = once(control, 'close');
  const ask = (command: string) => {
    const answer = conversation.answer();
    control.stdin.write(`${command}\n`);
    return answer;
  };
  // tmux answers the command it was started with, too.
  await conversation.answer();
  return {
    press: async (...keys) => {
      await ask(`send-keys ${keys.join(' ')}`);
    },
    shows: async (pattern) => {
      const deadline = AbortSignal.timeout(patience);
      let screen = '';
      do {
        const changed = conversation.change(deadline);
        screen = (await ask('capture-pane -p')).join('\n');
        if (pattern.test(screen)) return screen;
        await changed;
      } while (!deadline.aborted);
      throw new Error(`The screen does not show ${pattern}, but:\n${screen}`);
    },
    close: async () => {
      if (control.exitCode !== null) return;
      control.stdin.write('kill-server\n');
      await ended;
    },
  };
}

/** Control mode: answers stand between `%begin` and `%end` in the order of the commands, `%output` says that something changed. */
function converse(output: NodeJS.ReadableStream) {
  const waiting: ((lines: readonly string[]) => void)[] = [];
  const watching = new Set<() => void>();
  let answer: string[] | undefined;
  const lines = createInterface({ input: output });
  const wake = () => {
    for (const one of watching) one();
  };
  lines.on('line', (line) => {
    if (answer && /^%(end|error) /.test(line)) {
      waiting.shift()?.(answer);
      answer = undefined;
    } else if (answer) answer.push(line);
    else if (line.startsWith('%begin ')) answer = [];
    else if (line.startsWith('%output ')) wake();
  });
  lines.on('close', wake);
  return {
    answer: () => new Promise<readonly string[]>((resolve) => waiting.push(resolve)),
    /** Resolves at the next change of the screen, or when the patience is at its end. */
    change: (deadline: AbortSignal) =>
      new Promise<void>((resolve) => {
        const done = () => {
          watching.delete(done);
          deadline.removeEventListener('abort', done);
          resolve();
        };
        watching.add(done);
        deadline.addEventListener('abort', done);
      }),
  };
}
