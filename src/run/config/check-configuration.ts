import type { Document } from './document.ts';
import type { HostPort } from './quantities.ts';

/** What is wrong between keys that are each well-formed: the key to look at, and one clause on what to do. */
export type Disagreement = Readonly<{ key: string; problem: string }>;

/** Domains that exist nowhere (RFC 2606, RFC 6761): a demo's mail could not leave even by mistake. */
export function isReservedDomain(domain: string): boolean {
  return /(^|\.)(example|test|invalid|localhost|example\.(org|com|net))$/.test(domain);
}

export function isLoopback({ host }: HostPort): boolean {
  return host === '::1' || host === 'localhost' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

export function disagreements(document: Document): readonly Disagreement[] {
  return [
    ...needsBoth(document),
    ...staysHere(document),
    ...(document.demo ? demoRules(document) : productionRules(document)),
  ];
}

function needsBoth({ smtp, relay, database, keys, retry }: Document): Disagreement[] {
  const found: Disagreement[] = [];
  const want = (broken: boolean, key: string, problem: string) => broken && found.push({ key, problem });
  want(
    (smtp.tls_certificate === undefined) !== (smtp.tls_key === undefined),
    'smtp.tls_key',
    'stands only together with smtp.tls_certificate: set both or neither',
  );
  want(
    (relay.username === undefined) !== (relay.password_file === undefined),
    'relay.password_file',
    'stands only together with relay.username: set both or neither',
  );
  want(
    relay.username !== undefined && relay.tls !== 'required',
    'relay.tls',
    'must be "required" when relay.username is set, or the password could cross the network in clear',
  );
  want(
    !database.embedded && database.server === undefined,
    'database.server',
    'is needed when database.embedded is false: name your PostgreSQL',
  );
  want(
    database.embedded && database.server !== undefined,
    'database.server',
    'is set, but database.embedded is true: set that to false or remove this',
  );
  want(
    database.private_name === database.public_name,
    'database.public_name',
    'must differ from database.private_name: the two sides never share a database (P2)',
  );
  want(
    keys.passphrase === 'file' && keys.passphrase_file === undefined,
    'keys.passphrase_file',
    'is needed when keys.passphrase is "file": name the file',
  );
  want(retry.longest < retry.first, 'retry.longest', 'must not be shorter than retry.first');
  return found;
}

/** What it tells is for this machine; whoever watches many brings it elsewhere by a tunnel of their own. */
function staysHere({ monitoring }: Document): Disagreement[] {
  if (monitoring.listen.every(isLoopback)) return [];
  return [{ key: 'monitoring.listen', problem: 'must stay on loopback (127.0.0.1 or [::1])' }];
}

function demoRules(document: Document): Disagreement[] {
  const found: Disagreement[] = [];
  if (!isReservedDomain(document.domain)) {
    found.push({ key: 'domain', problem: 'must be a reserved domain in a demo, such as lists.example.org' });
  }
  const listening = {
    'smtp.listen': document.smtp.listen,
    'lmtp.listen': document.lmtp.listen,
    'public_site.listen': document.public_site.listen,
  };
  for (const [key, addresses] of Object.entries(listening)) {
    if (!addresses.every(isLoopback))
      found.push({ key, problem: 'must stay on loopback (127.0.0.1 or [::1]) in a demo' });
  }
  const { address } = document.relay;
  const sink = document.sink.smtp;
  if (address && (address.host !== sink?.host || address.port !== sink.port)) {
    found.push({
      key: 'relay.address',
      problem: 'must be that of sink.smtp in a demo: no mail leaves this machine',
    });
  }
  for (const [key, at] of Object.entries({ 'sink.smtp': sink, 'sink.pages': document.sink.pages })) {
    if (at && !isLoopback(at)) found.push({ key, problem: 'must stay on loopback (127.0.0.1 or [::1])' });
  }
  return found;
}

function productionRules({ sink }: Document): Disagreement[] {
  return sink.smtp || sink.pages
    ? [
        {
          key: 'sink',
          problem: 'belongs to a demo only: remove the section, or make a demo with `embargod demo start`',
        },
      ]
    : [];
}
