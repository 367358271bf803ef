import { formatInstant } from '../../../time/instant.ts';
import type { Configuration } from '../../config/configuration.ts';
import { openOperatorDesk } from '../../operator-desk.ts';
import { type Finding, fail, ok } from './check.ts';

/** Accepted mail has a time by which it is judged (I6): what is past it is seen here, whatever the keyholder says of itself. */
export async function checkMail(configuration: Configuration, running: boolean): Promise<readonly Finding[]> {
  if (!running) return [];
  const desk = await openOperatorDesk(configuration);
  try {
    const { count, since } = await desk.store.overdueMail();
    if (since === undefined) return [ok('mail', 'none waits longer than it should')];
    const mails = count === 1 ? '1 mail was' : `${count} mails were`;
    return [
      fail(
        'mail',
        `${mails} to be judged by ${formatInstant(since)} and later, and still waits`,
        'look at the keyholder’s log: it works on the oldest first',
      ),
    ];
  } finally {
    await desk.close();
  }
}
