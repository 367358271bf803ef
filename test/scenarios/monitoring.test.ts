import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Installation, makeInstallation } from '../stand-ins/installation.ts';
import type { Started } from '../stand-ins/real-server.ts';

/** A real server, looked at through sender's one port as a monitoring system does. */
const limit = { timeout: 90_000 };
/** GnuPG's and PostgreSQL's packages bring it nearly everywhere. */
const noOpenssl = spawnSync('openssl', ['version']).status !== 0;
let here: Installation;
let server: Started;
let token = '';

before(async () => {
  here = await makeInstallation();
  token = (await readFile(join(here.data, 'sender/metrics-token'), 'utf8')).trim();
  server = await here.run();
  await here.order('list', 'add', 'linux-distros', '--preset', 'linux-distros');
  await here.order('member', 'add', 'Debian', '--list', 'linux-distros');
  const alice = await here.person('Alice', 'alice@debian.example');
  await here.order('representative', 'add', 'Debian', 'alice@debian.example', '--certificate', alice);
}, limit);
after(async () => {
  await server?.stop();
  await here?.close();
}, limit);

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${here.monitoringPort}${path}`, { headers });

async function metrics(): Promise<string> {
  const answer = await get('/metrics', { authorization: `Bearer ${token}` });
  assert.equal(answer.status, 200);
  return answer.text();
}

/** Asks until a figure is there; the test's own limit ends it. */
async function metricsWith(wanted: RegExp): Promise<string> {
  for (;;) {
    const text = await metrics();
    if (wanted.test(text)) return text;
  }
}

test('every process is heard of and sender is well, by its figures and by /health', limit, async () => {
  const text = await metricsWith(/^embargod_relay_reachable 1$/m);
  for (const process of ['intake', 'keyholder', 'sender', 'public-keeper', 'public-site']) {
    assert.match(
      text,
      new RegExp(`^embargod_heartbeat_age_seconds\\{process="${process}",instance="[^"]+"\\} \\d`, 'm'),
    );
  }
  assert.match(text, /^process_resident_memory_bytes \d{7,}$/m);
  assert.match(text, /^embargod_concerns 0$/m);
  const health = await get('/health');
  assert.deepEqual([health.status, await health.text()], [200, 'ok\n']);
});

test('figures count what leaves, and name no case, list, reader or subject', limit, async () => {
  const raw = 'From: Rita <rita@researcher.example>\nSubject: [vs] zanzibar overflow\n\nIt overflows.\n';
  assert.match(await here.send('rita@researcher.example', 'linux-distros@lists.example.org', raw), /^250/);
  await here.sink.taken(1);
  // The row is settled a moment after its outcome is on record.
  const text = await metricsWith(
    /^embargod_outbox_rows\{state="queued"\} 0$[\s\S]*\{outcome="sent"\} [1-9]/m,
  );
  const [{ number }] = [...JSON.parse(await here.order('case', 'list', '--json'))];
  for (const word of [number, 'VS-', 'linux-distros', '@', 'alice', 'rita', 'zanzibar', 'Debian']) {
    assert.ok(!text.includes(word), `${word} in ${text}`);
  }
});

test('the token is sender’s own, and without it there is no figure', limit, async () => {
  assert.equal((await stat(join(here.data, 'sender/metrics-token'))).mode & 0o077, 0);
  assert.equal((await get('/metrics')).status, 401);
});

test('who runs the machine is told by mail, in words that have no room for any mail’s, and /health says the same', {
  ...limit,
  skip: noOpenssl,
}, async () => {
  const [key, certificate] = [join(here.folder, 'door.key'), join(here.folder, 'door.pem')];
  const subject = ['-subj', '/CN=lists.example.org', '-days', '3', '-newkey', 'ec'];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-nodes', '-keyout', key, '-out', certificate],
    ...['-pkeyopt', 'ec_paramgen_curve:prime256v1', ...subject],
  ]);
  assert.equal(made.status, 0, String(made.stderr));
  const tls = `tls_certificate = "${certificate}"\ntls_key = "${key}"`;
  await here.configure('[smtp]\n', `[smtp]\n${tls}\n`);
  await here.configure('[monitoring]\n', '[monitoring]\nalarms_to = "operators@example.org"\n');
  const before = here.sink.mails().length;
  server.signal('SIGHUP');
  await server.line(/"process":"sender","msg":"reloaded"/);
  while ((await get('/health')).status !== 503);
  await here.sink.taken(before + 1);
  const mail = here.sink.mails().at(-1);
  assert.deepEqual([mail?.recipient, mail?.from], ['operators@example.org', '']);
  assert.match(mail?.raw ?? '', /^Subject: embargod on \S+: certificate-ends\r$/m);
  assert.match(
    await (await get('/health')).text(),
    /^The TLS certificate of the SMTP door ends at 20\S+\.$/m,
  );
  await server.line(/"code":"certificate-ends","msg":"concern-began"/);
});
