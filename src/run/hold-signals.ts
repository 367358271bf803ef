/**
 * Lets work that must not stop half-way end before Ctrl-C or SIGTERM counts: a few seconds in which folders are made and
 * PostgreSQL runs for us, which would otherwise be left behind.
 */
export async function holdSignals<T>(work: () => Promise<T>): Promise<T> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const asked: NodeJS.Signals[] = [];
  const note = (signal: NodeJS.Signals) => void asked.push(signal);
  for (const signal of signals) process.on(signal, note);
  try {
    return await work();
  } finally {
    for (const signal of signals) process.off(signal, note);
    const [first] = asked;
    if (first !== undefined) process.kill(process.pid, first);
  }
}
