/** Keeps the lines that processes write and lets a test wait for one, past or coming. */
export function logLines() {
  const lines: string[] = [];
  let wakes: (() => void)[] = [];
  const log = (name: string, line: string) => {
    lines.push(`${name}: ${line}`);
    const waiting = wakes;
    wakes = [];
    for (const wake of waiting) wake();
  };
  /** The first line at or after `from` that matches, with its place. Waits for it; the test's own timeout is the limit. */
  const line = async (pattern: RegExp, from = 0): Promise<Readonly<{ text: string; next: number }>> => {
    for (let place = from; ; place += 1) {
      while (place >= lines.length) await new Promise<void>((resolve) => wakes.push(resolve));
      const text = lines[place] ?? '';
      if (pattern.test(text)) return { text, next: place + 1 };
    }
  };
  return { lines, log, line };
}
