/** Lines that wait for the end of the turn. */
export type LinesByTurn = Readonly<{ write: (line: string) => void; flush: () => void }>;

/**
 * Lines of one turn of the event loop leave together: a system call for each was a tenth of what a mail at the door
 * costs. What waits when the process exits is written then.
 */
export function linesByTurn(destination: Readonly<{ write: (text: string) => unknown }>): LinesByTurn {
  let waiting = '';
  const flush = () => {
    const text = waiting;
    waiting = '';
    if (text !== '') destination.write(text);
  };
  process.on('exit', flush);
  return {
    write: (line) => {
      if (waiting === '') setImmediate(flush);
      waiting += line;
    },
    flush,
  };
}
