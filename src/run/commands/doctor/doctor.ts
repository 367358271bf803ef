/**
 * `embargod doctor`: looks at everything around the processes that their promises rest on, and says what to do. Changes
 * nothing. Exit 1 when anything fails.
 */

import { loadConfiguration } from '../../config/load-configuration.ts';
import { ConfigurationError } from '../../config/read-configuration.ts';
import { runningServer } from '../../server-state.ts';
import type { Outcome } from '../outcome.ts';
import { type Finding, fail, ok } from './check.ts';
import { checkCertificates } from './check-certificates.ts';
import { checkDatabase } from './check-database.ts';
import { checkFiles } from './check-files.ts';
import { checkKeyExport } from './check-key-export.ts';
import { checkMachine } from './check-machine.ts';
import { checkMail } from './check-mail.ts';
import { checkModeration } from './check-moderation.ts';
import { checkNetwork } from './check-network.ts';
import { checkOpener } from './check-opener.ts';
import { checkProcesses } from './check-processes.ts';
import { checkRoster } from './check-roster.ts';
import { checkUsers } from './check-users.ts';

export async function examine(data: string): Promise<Outcome> {
  const findings = await findingsOf(data);
  const failed = findings.filter(({ state }) => state === 'fail');
  const text = findings.flatMap(({ check, state, says, advice }) => [
    `${{ ok: 'ok  ', warn: 'WARN', fail: 'FAIL' }[state]}  ${check}: ${says}`,
    ...(advice === undefined ? [] : [`      → ${advice}`]),
  ]);
  const warned = findings.filter(({ state }) => state === 'warn').length;
  const sum = `${findings.length} ${findings.length === 1 ? 'check' : 'checks'}: ${failed.length} failed, ${warned} with a warning.`;
  return {
    kind: 'examined',
    healthy: failed.length === 0,
    text: [...text, sum],
    data: findings.map((finding) => ({ ...finding })),
  };
}

async function findingsOf(data: string): Promise<readonly Finding[]> {
  try {
    const configuration = await loadConfiguration(data);
    const pid = await runningServer(configuration);
    const processes = await checkProcesses(configuration, pid);
    const { here, keyholder } = processes;
    return [
      ok('configuration', configuration.directory.configuration),
      ...processes.findings,
      ...checkUsers(configuration),
      await checkOpener(configuration, pid),
      ...(await checkFiles(configuration)),
      ...(await checkDatabase(configuration)),
      ...(await checkRoster(configuration, keyholder)),
      ...(await checkMail(configuration, pid !== undefined)),
      ...(await checkCertificates(configuration, keyholder)),
      ...(await checkKeyExport(configuration, keyholder)),
      ...(await checkModeration(configuration, keyholder)),
      ...(await checkNetwork(configuration, here)),
      ...(await checkMachine()),
    ];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return [fail('configuration', error.message, 'mend it; nothing else can be checked before')];
  }
}
