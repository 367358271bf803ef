import { formatHostPort, type HostPort } from '../config/quantities.ts';
import { ConfigurationError } from '../config/read-configuration.ts';
import { tryListening } from '../try-listening.ts';

/** Says in one sentence which port is taken, before anything is started. */
export async function demandFreePorts(places: readonly HostPort[]): Promise<void> {
  for (const place of places) {
    if ((await tryListening(place)) === undefined) continue;
    throw new ConfigurationError(
      `${formatHostPort(place)} is taken by another program; stop that, or choose five other ports with \`embargod demo start --port-base 4525\` (from npm: \`npm start -- --port-base 4525\`).`,
    );
  }
}
