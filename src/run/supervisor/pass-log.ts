import type { Readable } from 'node:stream';

/** A line past this is passed on in pieces: no process can fill our memory by never ending one. */
const longestLine = 16_384;

/** Passes a process's output on, line by line, with nothing in it that could move a terminal's cursor. */
export function passLog(stream: Readable | null, log: (line: string) => void): void {
  if (stream === null) return;
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) log(printable(line));
    while (rest.length > longestLine) {
      log(printable(rest.slice(0, longestLine)));
      rest = rest.slice(longestLine);
    }
  });
  stream.on('end', () => {
    if (rest !== '') log(printable(rest));
  });
  stream.on('error', () => {});
}

function printable(line: string): string {
  return line.replace(/[\p{Cc}]/gu, (character) => (character === '\t' ? '\t' : '�'));
}
