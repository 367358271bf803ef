import { day } from '../../../time/instant.ts';
import type { Configuration } from '../../config/configuration.ts';
import { openOperatorDesk } from '../../operator-desk.ts';
import { type Finding, ok, warn } from './check.ts';

const within = 30 * day;

/** Asks the keyholder, so only where one runs: who will be unreachable within a month. */
export async function checkCertificates(
  configuration: Configuration,
  running: boolean,
): Promise<readonly Finding[]> {
  if (!running) return [];
  const desk = await openOperatorDesk(configuration);
  try {
    const answer = await desk.ask({ kind: 'certificate-check', within });
    if (answer.kind === 'refused') {
      return [warn('certificates', answer.reason, 'look at the keyholder’s log')];
    }
    const clean = Array.isArray(answer.data) && answer.data.length === 0;
    return clean
      ? [ok('certificates', 'all usable for 30 days and more')]
      : [
          warn(
            'certificates',
            answer.text.join('; '),
            'ask these people for a new key: `embargod representative add`',
          ),
        ];
  } finally {
    await desk.close();
  }
}
