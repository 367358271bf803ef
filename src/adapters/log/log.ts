/**
 * The log, as JSON lines on standard output. What can be logged is a closed set of short clear values: there is no field
 * for a subject, a text, a header or an error's message, so content cannot end up here by mistake (I2, K3).
 */
import pino from 'pino';
import { linesByTurn } from './lines-by-turn.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Clear columns and counts only (docs/schema.md); `code` is ours or the system's, never a peer's text. */
export type LogFields = Readonly<{
  list?: string;
  id?: string;
  caseNumber?: string;
  count?: number;
  code?: string;
  milliseconds?: number;
  address?: string;
  process?: string;
}>;

/** `event` is a constant of the program, such as `inbox-row-stored`. */
export type Log = Readonly<Record<LogLevel, (event: string, fields?: LogFields) => void>> &
  Readonly<{ setLevel: (level: LogLevel) => void }>;

export function startLog(processName: string, level: LogLevel): Log {
  const lines = linesByTurn(pino.destination({ fd: 1, sync: true }));
  const logger = pino(
    { level, base: { process: processName }, timestamp: pino.stdTimeFunctions.isoTime },
    lines,
  );
  const write =
    (weight: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      logger[weight](fields, event);
      if (weight === 'error') lines.flush();
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    setLevel: (next) => {
      logger.level = next;
    },
  };
}

/** The code of whatever was thrown: all that may be logged of it, as messages may quote content. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
