import { codeOf } from '../../adapters/log/log.ts';
import { explain } from '../commands/explain.ts';
import { giveMemoryBack } from '../give-memory-back.ts';
import { type Supervised, supervised } from './supervised.ts';

/**
 * Runs an entry file's main function. What keeps it from starting is told in one sentence; what ends it later, by code
 * and place only, since an error's text may quote what was read (I2).
 */
export function runProcess(main: (data: string, life: Supervised) => Promise<void>): void {
  const life = supervised();
  let started = false;
  const end = (error: unknown) => {
    if (started) process.stderr.write(`Ended by a fault: ${faultOf(error)}\n`);
    else life.failed(explain(error));
    process.exit(1);
  };
  process.on('uncaughtException', end);
  const ready: Supervised['ready'] = (facts) => {
    started = true;
    giveMemoryBack();
    life.ready(facts);
  };
  main(process.argv[2] ?? '', { ...life, ready }).catch(end);
}

const framesShown = 6;

function faultOf(error: unknown): string {
  const code = codeOf(error);
  // Its sentence is made of counts, and the operator must see it (T6).
  if (code === 'journal-refused' && error instanceof Error) return error.message;
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const places = stack.match(/(?:src|node_modules)\/[\w@./-]+\.[mc]?[jt]s:\d+/g) ?? [];
  return [code, ...places.slice(0, framesShown)].join(' ');
}
