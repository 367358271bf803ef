import type { Socket } from 'node:net';
import { type Facts, StartRefused } from './keep-running.ts';

/** Where a process says that it is ready and sees its supervisor end. */
export const readyDescriptor = 3;

/** In the environment of a process that has that descriptor. */
export const supervisedVariable = 'EMBARGOD_SUPERVISED';

/** A conquered process could write for ever; the supervisor keeps at most this much of it (P1). */
const longestLine = 2_000;

const word = 'ready';
const failedWord = 'failed';

/** `ready {"smtp":"127.0.0.1:2525"}`, a line. */
export function readyLine(facts: Facts): string {
  const line = `${word} ${JSON.stringify(facts)}\n`;
  if (line.length > longestLine) throw new RangeError('A process says its addresses when ready, not more.');
  return line;
}

/** `failed "The port is taken."`, a line. */
export function failedLine(reason: string): string {
  return `${failedWord} ${JSON.stringify(reason.slice(0, longestLine / 2))}\n`;
}

/** The first line's facts; rejects with StartRefused when it says why there are none. Afterwards nothing is read from the pipe; it stays open so that its end tells ours. */
export function readyFacts(pipe: Socket): Promise<Facts> {
  let text = '';
  pipe.setEncoding('utf8');
  pipe.on('error', () => {});
  return new Promise((resolve, reject) => {
    const onData = (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end < 0 && text.length <= longestLine) return;
      pipe.off('data', onData).pause();
      const line = end < 0 ? '' : text.slice(0, end);
      const facts = parseReadyLine(line);
      const reason = parseFailedLine(line);
      if (reason !== undefined) reject(new StartRefused(reason));
      else if (facts === undefined) reject(new Error('It said something else than that it is ready.'));
      else resolve(facts);
    };
    pipe.on('data', onData);
  });
}

export function parseReadyLine(line: string): Facts | undefined {
  if (!line.startsWith(`${word} `)) return undefined;
  try {
    const value: unknown = JSON.parse(line.slice(word.length + 1));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const entries = Object.entries(value);
    return entries.every(([, fact]) => typeof fact === 'string') ? Object.fromEntries(entries) : undefined;
  } catch {
    return undefined;
  }
}

/** One printable line, whatever a conquered process wrote. */
function parseFailedLine(line: string): string | undefined {
  if (!line.startsWith(`${failedWord} `)) return undefined;
  try {
    const value: unknown = JSON.parse(line.slice(failedWord.length + 1));
    return typeof value === 'string' ? value.replace(/\p{Cc}+/gu, ' ') : undefined;
  } catch {
    return undefined;
  }
}
