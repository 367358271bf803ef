import { linesByTurn } from '../../adapters/log/lines-by-turn.ts';
import { type Instant, instantFromMilliseconds } from '../../time/instant.ts';

/** pino's number for `warn`. */
const warn = 40;

/**
 * What a process wrote, as one JSON line that says which process it was: the supervisor's word, whatever a conquered
 * process claims to be. What is no JSON object (a fault of Node's own, one sentence at the end) stands in `text`.
 */
export function logLine(name: string, line: string, now: Instant): string {
  const fields = readObject(line);
  return JSON.stringify(
    fields === undefined
      ? { level: warn, time: new Date(now).toISOString(), process: name, text: line, msg: 'said' }
      : { ...fields, process: name },
  );
}

function readObject(line: string): object | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** For `supervise`. A server outlives whoever read its log. */
export function logTo(stream: NodeJS.WriteStream): (name: string, line: string) => void {
  stream.removeAllListeners('error').on('error', () => undefined);
  const lines = linesByTurn(stream);
  return (name, line) => lines.write(`${logLine(name, line, instantFromMilliseconds(Date.now()))}\n`);
}
