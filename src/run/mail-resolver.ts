import { Resolver } from 'node:dns/promises';
import type { MailResolver } from '../adapters/mail-auth/authenticate-mail.ts';
import type { Configuration } from './config/configuration.ts';
import { formatHostPort } from './config/quantities.ts';

/** Who answers for SPF, DKIM and DMARC; undefined when `authentication.resolver` is "off". */
export function mailResolver({ resolver }: Configuration['authentication']): MailResolver | undefined {
  if (resolver === 'off') return undefined;
  const dns = new Resolver({ timeout: 3_000, tries: 2 });
  if (resolver !== 'system') dns.setServers([formatHostPort(resolver)]);
  return async (name, type) => {
    // mailauth reads `exchange` of MX answers, which the port's type does not name: handed on as node gives them.
    const resolve: (...question: [string, string]) => Promise<unknown> = (...question) =>
      dns.resolve(...question);
    const answer: unknown = await resolve(name, type);
    return Array.isArray(answer) ? answer : [];
  };
}
