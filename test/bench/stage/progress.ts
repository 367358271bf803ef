/** What goes on while a bench runs: one line that changes on a terminal, a line every few seconds elsewhere; on stderr. */
export type Progress = Readonly<{ say: (what: string) => void; done: () => void }>;

const plainLineEvery = 3_000;

export function showProgress(): Progress {
  let saidAt = 0;
  return {
    say: (what) => {
      if (process.stderr.isTTY) return void process.stderr.write(`\r\x1b[K${what}`);
      if (performance.now() - saidAt < plainLineEvery) return;
      saidAt = performance.now();
      process.stderr.write(`${what}\n`);
    },
    done: () => void (process.stderr.isTTY && process.stderr.write('\r\x1b[K')),
  };
}
