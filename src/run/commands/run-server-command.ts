import type { Answer } from '../../message/requests/request.ts';
import type { Configuration } from '../config/configuration.ts';
import { giveUpRights } from '../give-up-rights.ts';
import { startServer } from '../run-server.ts';
import { logTo } from '../supervisor/log-line.ts';
import { runUntilSignal } from '../supervisor/run-until-signal.ts';
import type { ServerProcessName } from './deed.ts';
import { say } from './progress.ts';

/** Until a signal; then everything has ended in order. */
export async function runServer(
  configuration: Configuration,
  only: readonly ServerProcessName[],
): Promise<Answer> {
  const startDatabase = await giveUpRights(configuration, only);
  const server = await startServer({ configuration, only, startDatabase, log: logTo(process.stdout) });
  for (const [name, facts] of Object.entries(server.facts)) {
    const places = Object.entries(facts)
      .filter(([, where]) => where !== '')
      .map(([what, where]) => `${what} ${where}`);
    say(`${name} is ready${places.length > 0 ? `: ${places.join(', ')}` : ''}`);
  }
  say('embargod runs. Ctrl-C stops it.');
  await runUntilSignal(server);
  // Standard output is the log's: nothing on it but JSON.
  say('Stopped.');
  return { kind: 'done', text: [], data: { stopped: true } };
}
