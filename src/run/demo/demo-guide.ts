import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Configuration } from '../config/configuration.ts';
import { formatHostPort, type HostPort } from '../config/quantities.ts';
import { demoAdministrators, demoReporter } from './community.ts';
import { demoDirectory } from './demo-directory.ts';
import { listKeyFile } from './found-community.ts';
import { gpgHome } from './gpg.ts';

/** What a newcomer is told: where everything is, how the administrator works, and one line that sends a report. */
export async function demoGuide(configuration: Configuration): Promise<readonly string[]> {
  const { directory, smtp, lmtp, publicSite, sink, domain } = configuration;
  const list = `linux-distros@${domain}`;
  const first = (places: readonly HostPort[]) => places.map(formatHostPort).join(' ');
  // Another directory than the usual one has to be named in each command.
  const data = directory.root === demoDirectory() ? '' : ` --data ${directory.root}`;
  return [
    '',
    'The embargod demo runs. Nothing leaves this machine; everybody in it is invented.',
    '',
    `  Mailboxes (demo)   http://${sink ? formatHostPort(sink.pages) : ''}/`,
    `  Public pages       http://${first(publicSite.listen)}/`,
    `  Mail in            SMTP ${first(smtp.listen)}, LMTP ${first(lmtp.listen)}`,
    `  Private lists      ${list}, distros@${domain}`,
    `  Public list        oss-security@${domain}`,
    `  Key of the list    ${listKeyFile(configuration, 'linux-distros')}`,
    `  Everything         ${directory.root}`,
    '',
    'Send an encrypted report, as its invented reporter, with gpg and over SMTP:',
    '',
    `  bin/embargod demo report${data}`,
    '',
    'The same by hand:',
    '',
    `  ${await plainReport(configuration, list, data)}`,
    '',
    'Then look at any mailbox above: every reader of linux-distros has a copy of their own.',
    '',
    `The operator works with the command line: bin/embargod held list${data}, case list, outbox list, member list, doctor.`,
    `The administrators (${demoAdministrators.join(', ')}) work by mail: what is held is sealed to them, in their mailboxes.`,
    'All in this demo runs as one user, with keys that have no passphrase; a real installation has neither.',
    '',
    'Ctrl-C stops it; the next start finds everything as it was.',
    '',
  ];
}

/** A whole line to copy, with what this machine has: gpg, and curl or our own `demo send`. */
export async function plainReport(configuration: Configuration, list: string, data: string): Promise<string> {
  const home = await gpgHome(join(configuration.directory.demo, 'gnupg'));
  const from = demoReporter.address;
  const [smtp] = configuration.smtp.listen;
  const hasCurl = spawnSync('curl', ['--version']).status === 0;
  const head = `From: ${from}\\nTo: ${list}\\nSubject: [vs] a flaw in libfoo\\n\\n`;
  const gpg = `gpg --homedir ${home} --batch --trust-model always -u ${from} -r ${list} --armor --sign --encrypt`;
  const send =
    hasCurl && smtp
      ? `curl -sS --crlf --mail-from ${from} --mail-rcpt ${list} -T - smtp://${formatHostPort(smtp)}`
      : `bin/embargod demo send --to ${list}${data}`;
  return `echo 'libfoo 2.3 overflows; I propose 2026-12-01T16:00Z' | ${gpg} | (printf '${head}'; cat) | ${send}`;
}
