import type { Configuration } from './config/configuration.ts';
import { formatHostPort } from './config/quantities.ts';
import { ConfigurationError } from './config/read-configuration.ts';
import { tryListening } from './try-listening.ts';

/**
 * Trap: processes that share a port (SO_REUSEPORT) share it with any other of the same user that asks for it. A second
 * server of that user, or what a taken-over intake left behind, would take half of the mail and nobody would notice.
 */
export async function refuseTakenDoors({ smtp, lmtp }: Configuration): Promise<void> {
  for (const place of [...smtp.listen, ...lmtp.listen]) {
    if ((await tryListening(place)) !== 'EADDRINUSE') continue;
    throw new ConfigurationError(
      `${formatHostPort(place)} is taken by another program; stop what listens there, or choose another port in embargod.toml.`,
    );
  }
}
