import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printConfiguration } from './print-configuration.ts';
import { allKeys, ConfigurationError, readConfiguration } from './read-configuration.ts';

const file = '/data/embargod.toml';
const read = (text: string) => readConfiguration('/data', file, text);

function complaint(text: string): string {
  try {
    read(text);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.message;
  }
  return assert.fail(`accepted: ${text}`);
}

test('a printed file names every key, and reads back to the values it was printed from', () => {
  const text = printConfiguration({
    ...{ domain: 'lists.example.org', demo: true, lmtp: {}, limits: {}, authentication: {}, database: {} },
    ...{ keys: { passphrase: 'unprotected' }, users: { mode: 'shared' }, log: {}, public_site: {} },
    smtp: { listen: ['127.0.0.1:2525', '[::1]:2525'] },
    relay: { address: '127.0.0.1:2528' },
    retry: { first: '90s' },
    sink: { smtp: '127.0.0.1:2528', pages: '127.0.0.1:2529' },
  });
  for (const key of allKeys()) assert.match(text, new RegExp(`^(# )?${key.split('.').at(-1)} = `, 'm'), key);
  const found = read(text);
  assert.deepEqual(found.smtp.listen, [
    { host: '127.0.0.1', port: 2525 },
    { host: '::1', port: 2525 },
  ]);
  assert.equal(found.retry.first, 90_000);
  assert.equal(found.demo, true);
});

test('what is commented out in a printed file is a default or an example that would be taken', () => {
  const shared = printConfiguration({ domain: 'lists.example.org' });
  const all = shared
    .replaceAll(/^# ([a-z_]+ = )/gm, '$1')
    // These exclude each other.
    .replace(/^server = .*$/m, '')
    // A password wants more than the default.
    .replace(/^tls = .*$/m, 'tls = "required"');
  assert.equal(read(all).database.kind, 'embedded');
});

test('a printed line that is commented out and no example says what counts without it', () => {
  const empty = printConfiguration({ domain: 'lists.example.org' });
  const examples = /example:\n# [a-z_]+ = .*$/gm;
  const withDefaults = empty.replaceAll(examples, '').replaceAll(/^# ([a-z_]+ = )/gm, '$1');
  assert.match(withDefaults, /^messages_per_minute = 60$/m);
  assert.deepEqual(read(withDefaults), read(empty));
});

const faults: readonly (readonly [string, string])[] = [
  [
    'smtp.lissten is not a key that embargod knows; did you mean smtp.listen?',
    'domain = "a.example"\n[smtp]\nlissten = []',
  ],
  ['smtp.listen is "25"; it must be a list of "HOST:PORT"', 'domain = "a.example"\n[smtp]\nlisten = ["25"]'],
  ['domain is missing; it must be a domain name', ''],
  ['retry.first is 5; it must be a number with s, m, h or d', 'domain = "a.example"\n[retry]\nfirst = 5'],
  ['limits.recipients is 0', 'domain = "a.example"\n[limits]\nrecipients = 0'],
  ['line 2 is not TOML', 'domain = "a.example"\nx = ['],
  [
    'relay.tls must be "required"',
    'domain = "a.example"\n[relay]\naddress = "m.example:25"\nusername = "u"\npassword_file = "p"',
  ],
  ['smtp.tls_key stands only together', 'domain = "a.example"\n[smtp]\ntls_certificate = "c"'],
  ['sink belongs to a demo only', 'domain = "a.example"\n[sink]\nsmtp = "127.0.0.1:1"'],
];

for (const [sentence, text] of faults) {
  test(`a fault is told in one sentence that names file and key: ${sentence}`, () => {
    const said = complaint(text);
    assert.ok(said.startsWith(`${file}: ${sentence}`), said);
  });
}

test('a demo stays on loopback, under a reserved domain, with its own sink as its only relay', () => {
  const demo = 'demo = true\n';
  assert.match(complaint(`${demo}domain = "openwall.org"`), /domain must be a reserved domain/);
  const reserved = `${demo}domain = "lists.example.org"\n`;
  assert.match(complaint(`${reserved}[smtp]\nlisten = ["0.0.0.0:25"]`), /smtp.listen must stay on loopback/);
  assert.match(
    complaint(`${reserved}[relay]\naddress = "mail.example.org:25"`),
    /relay.address must be that of sink/,
  );
  assert.match(complaint(`${reserved}[sink]\npages = "192.0.2.1:80"`), /sink.pages must stay on loopback/);
});
