import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startTestCluster } from '../stand-ins/database.ts';
import { type Installation, makeInstallation } from '../stand-ins/installation.ts';

/** `doctor` looks at a real installation with something wrong: says what, says what to do, and exits with 1. */
const limit = { timeout: 60_000 };
const made: Installation[] = [];
after(() => Promise.all(made.map((one) => one.close())));

async function install(init: readonly string[]): Promise<Installation> {
  const here = await makeInstallation({ init });
  made.push(here);
  return here;
}

type Finding = Readonly<{ check: string; state: string; says: string; advice?: string }>;

async function examine(here: Installation) {
  const ran = await here.operator('doctor', '--json');
  const findings: readonly Finding[] = JSON.parse(ran.stdout);
  const found = (check: string, says = /./) =>
    findings.find((one) => one.check === check && says.test(one.says)) ??
    assert.fail(`${check}: ${JSON.stringify(findings, null, 1)}`);
  const failed = findings.filter(({ state }) => state === 'fail').map(({ check }) => check);
  return { code: ran.code, found, failed };
}

test(
  'unprotected keys and one user for all are told, each with advice; ports and relay are looked at',
  limit,
  async () => {
    const here = await install(['--unprotected-keys', '--shared-user']);
    const text = await here.operator('doctor');
    assert.equal(text.code, 1);
    assert.match(text.stdout, /^WARN {2}keys at rest: without passphrase\n {6}→ make a new data directory/m);
    assert.match(text.stdout, /^FAIL {2}users: all processes run as one user, so each can read the keys$/m);
    assert.match(text.stdout, /^ok {4}durability: fsync on, synchronous_commit on$/m);
    assert.match(text.stdout, /^\d+ checks: 1 failed, \d+ with a warning\.$/m);
    const taken = createServer().listen(here.smtpPort, '127.0.0.1');
    await once(taken, 'listening');
    await here.sink.close();
    const { code, found, failed } = await examine(here);
    taken.close();
    assert.equal(code, 1);
    assert.deepEqual(failed, ['users', 'port', 'relay']);
    assert.match(found('port', /SMTP/).says, /SMTP 127\.0\.0\.1:\d+ cannot be had \(EADDRINUSE\)/);
    assert.match(found('relay').says, /cannot be reached/);
    assert.equal(found('port', /public site/).state, 'ok');
  },
);

test('an expired certificate is named, with whose it is', limit, async () => {
  const [here] = made;
  assert.ok(here);
  const server = await here.run();
  try {
    await here.order('list', 'add', 'linux-distros', '--preset', 'linux-distros');
    await here.order('member', 'add', 'Debian', '--list', 'linux-distros');
    const olga = await here.person('Olga', 'olga@debian.example', 'seconds=6');
    await here.order('representative', 'add', 'Debian', 'olga@debian.example', '--certificate', olga);
    let says = '';
    while (!/expired/.test(says)) says = (await examine(here)).found('certificates').says;
    assert.match(says, /olga@debian\.example \(Debian\)/);
    const { found } = await examine(here);
    assert.equal(found('certificates').state, 'warn');
    assert.equal(found('server').state, 'ok');
    assert.equal(found('port', /SMTP/).says.endsWith('is listening'), true);
  } finally {
    assert.equal(await server.stop(), 0);
  }
});

test('a list without people fails, and so does a server that is frozen after a restore', limit, async () => {
  const [here] = made;
  assert.ok(here);
  const backup = join(here.folder, 'doctor.backup');
  await here.order('backup', '--to', backup);
  await here.order('restore', 'from', backup, '--yes');
  const server = await here.run();
  try {
    const { found, failed } = await examine(here);
    assert.deepEqual(failed, ['users', 'restore', 'lists', 'relay'], 'the sink was closed before');
    assert.match(found('restore').says, /^frozen since \d{4}-\d\d-\d\dT/);
    assert.match(found('restore').advice ?? '', /embargod restore show/);
    assert.match(found('lists').says, /linux-distros has no administrator: held mail reaches nobody/);
  } finally {
    assert.equal(await server.stop(), 0);
  }
});

test('a database server without fsync fails: what was accepted could be lost', limit, async () => {
  const cluster = await startTestCluster();
  try {
    const here = await install([
      '--unprotected-keys',
      '--shared-user',
      '--database',
      `postgresql://?host=${cluster.socketDirectory}`,
    ]);
    const { code, found, failed } = await examine(here);
    assert.equal(code, 1);
    assert.deepEqual(failed, ['users', 'durability']);
    assert.match(found('durability').says, /could be lost at a power cut/);
    assert.match(found('durability').advice ?? '', /set fsync/);
    assert.equal(found('database rights').state, 'ok');
  } finally {
    await cluster.stop();
  }
});

test('a configuration that cannot be read is the one finding', limit, async () => {
  const [here] = made;
  assert.ok(here);
  await here.configure(/^domain = .*/m, 'domian = "lists.example.org"');
  const ran = await here.operator('doctor');
  assert.equal(ran.code, 1);
  assert.match(
    ran.stdout,
    /^FAIL {2}configuration: .*domian is not a key that embargod knows; did you mean domain\?/m,
  );
});
