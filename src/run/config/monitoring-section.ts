import { z } from 'zod';
import { parseAddress } from '../../mail/address.ts';
import { key } from './key-note.ts';
import { hostPort } from './quantities.ts';

/** `[monitoring]` and `[log]`: what tells how this server is. Besides, the one thing that it asks of the world. */
export const monitoring = z.strictObject({
  listen: key(z.array(hostPort).default([{ host: '127.0.0.1', port: 9_525 }]), {
    about:
      'Where `sender` answers `/health`, and `/metrics` to whoever shows the token in `sender/metrics-token`; on loopback only. Empty: nowhere.',
    expects: 'a list of "HOST:PORT" on loopback, IPv6 in brackets',
    example: '["127.0.0.1:9525"]',
  }),
  alarms_to: key(
    z
      .string()
      .refine((text) => parseAddress(text) !== undefined)
      .optional(),
    {
      about:
        'Address of who runs this server, for mail in clear that tells of its machinery and never of mail: a process that is silent, a full disk, a wrong clock, a certificate that ends. Without one, only the log and `/health` tell.',
      expects: 'a bare address',
      example: '"operators@example.org"',
      reload: true,
    },
  ),
});

/** `[key_directories]` */
export const keyDirectories = z.strictObject({
  ask: key(z.boolean().default(true), {
    about:
      'Ask the key directory (WKD) of each representative’s domain once a day whether they have revoked or prolonged their certificate: `sender` makes HTTPS connections to these domains. Never in a demo.',
    expects: 'true or false',
    example: 'true',
  }),
});

export const log = z.strictObject({
  level: key(z.literal(['debug', 'info', 'warn', 'error']).default('info'), {
    about: 'Least weight of what is logged; content is never logged at any level.',
    expects: '"debug", "info", "warn" or "error"',
    example: '"info"',
    reload: true,
  }),
});
