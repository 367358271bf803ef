/** A name server for stories: these domains say that mail of theirs comes from this machine (SPF), and only from it. */
import type { MailResolver } from '../../src/adapters/mail-auth/authenticate-mail.ts';

export function vouchingFor(...domains: readonly string[]): MailResolver {
  return async (name, type) => {
    if (type === 'TXT' && domains.includes(name)) return [['v=spf1 ip4:127.0.0.1 -all']];
    throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  };
}
