import { SingleBar } from 'cli-progress';

/** What is going on, on standard error; standard output belongs to the answer. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A bar on a terminal, lines elsewhere: nothing long is silent. */
export function progressBar(
  title: string,
): Readonly<{ to: (done: number, of: number, what: string) => void; end: () => void }> {
  if (!process.stderr.isTTY) {
    return { to: (done, of, what) => say(`${title}: ${done} of ${of}, ${what}`), end: () => undefined };
  }
  const bar = new SingleBar({
    format: `${title} {bar} {value}/{total} {what}`,
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  let started = false;
  return {
    to: (done, of, what) => {
      if (!started) bar.start(of, done, { what });
      started = true;
      bar.update(done, { what });
    },
    end: () => started && bar.stop(),
  };
}
