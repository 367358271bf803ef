import type { DocumentValues } from '../config/document.ts';
import { demoDomain } from './community.ts';

export const defaultPortBase = 2_525;

/** Five ports in a row on loopback. */
export function demoValues(base: number): DocumentValues {
  const at = (offset: number) => `127.0.0.1:${base + offset}`;
  return {
    domain: demoDomain,
    demo: true,
    smtp: { listen: [at(0)] },
    lmtp: { listen: [at(1)] },
    intake: { processes: 1 },
    limits: {},
    // Nobody of the demo exists in DNS, and nothing is asked of the network.
    authentication: { resolver: 'off' },
    relay: { address: at(3), tls: 'none' },
    retry: {},
    public_site: { listen: [at(2)], url: `http://${at(2)}` },
    database: {},
    keys: { passphrase: 'unprotected' },
    users: { mode: 'shared' },
    monitoring: { listen: [] },
    key_directories: { ask: false },
    log: { level: 'warn' },
    sink: { smtp: at(3), pages: at(4) },
  };
}
