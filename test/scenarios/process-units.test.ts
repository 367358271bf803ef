import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startTestCluster } from '../stand-ins/database.ts';
import { withoutPrivilegedCalls } from '../stand-ins/denied-calls.ts';
import { type Installation, makeInstallation } from '../stand-ins/installation.ts';
import { processesOf, statusOf, uidOf } from '../stand-ins/process-facts.ts';
import { type Started, startEmbargod } from '../stand-ins/real-server.ts';

/**
 * contrib/systemd/per-process as the kernel sees it: a supervisor for each process, with the user, the capabilities and
 * the privileged calls of its unit and a PostgreSQL that is not ours. The rest of the units' sandbox needs a running
 * systemd and is judged by test/operation/units.test.ts.
 */
const users = {
  intake: 'intake',
  sender: 'sender',
  'public-keeper': 'public',
  'public-site': 'site',
} as const;
const prefix = `eu${process.pid}`;
const limit = { timeout: 120_000 };
const why = process.getuid?.() === 0 ? undefined : 'only root can give a process another user';
const skip = why ?? false;
let cluster: Awaited<ReturnType<typeof startTestCluster>> | undefined;
let here: Installation | undefined;
const servers = new Map<string, Started>();

before(async () => {
  if (why !== undefined) return;
  cluster = await startTestCluster();
  // `trust` behind a folder of ours: the processes of this test must walk in.
  await chmod(join(cluster.socketDirectory, '..'), 0o755);
  await chmod(cluster.socketDirectory, 0o755);
  const database = `postgresql://?host=${cluster.socketDirectory}`;
  here = await makeInstallation({
    init: ['--unprotected-keys', '--user-prefix', prefix, '--database', database],
  });
  for (const name of ['public-keeper', 'public-site', 'sender', 'keyholder', 'intake']) {
    const launcher = await asInUnit(name);
    const server = startEmbargod(['run', '--only', name, '--data', here.data], { launcher, fromClone: true });
    servers.set(name, server);
    await server.line(/embargod runs/);
  }
}, limit);
after(async () => {
  for (const server of [...servers.values()].reverse()) await server.stop();
  await here?.close();
  await cluster?.stop();
  for (const user of [...Object.values(users), 'keyholder', 'opener', 'postgres'])
    spawnSync('/usr/sbin/userdel', [`${prefix}-${user}`]);
}, limit);

/** User and capabilities as the unit's file says; the keyholder's begins as root. */
async function asInUnit(name: string): Promise<readonly string[]> {
  const file = new URL(`../../contrib/systemd/per-process/embargod-${name}.service`, import.meta.url);
  const text = await readFile(file, 'utf8');
  const of = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1];
  const user = of('User')?.replace(/^embargod/, prefix);
  const names = (of('CapabilityBoundingSet') ?? '').split(' ').filter(Boolean);
  const bounding = ['-all', ...names.map((one) => `+${one.replace(/^CAP_/, '').toLowerCase()}`)].join(',');
  const ids = user === undefined ? [] : [`--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
  const umask = of('UMask') ?? assert.fail(name);
  const filtered = /^SystemCallFilter=~@privileged$/m.test(text) ? withoutPrivilegedCalls() : [];
  return [
    // As systemd does, so that a program knows that it is the service itself.
    ...['/bin/sh', '-c', `umask ${umask}; export SYSTEMD_EXEC_PID=$$; exec "$@"`, 'sh'],
    ...['/usr/bin/setpriv', '--no-new-privs', ...ids, `--bounding-set=${bounding}`, '--inh-caps=-all', '--'],
    ...filtered,
  ];
}

test('each process runs under its own supervisor as its own user, with no capability', { skip }, async () => {
  for (const [name, user] of Object.entries(users)) {
    const server = servers.get(name) ?? assert.fail(name);
    const uid = Number(spawnSync('id', ['-u', `${prefix}-${user}`], { encoding: 'utf8' }).stdout);
    const processes = [...(await processesOf(server.pid)).values(), server.pid];
    assert.equal(processes.length, 2);
    for (const pid of processes) {
      assert.equal(await uidOf(pid), uid, name);
      assert.match((await statusOf(pid)).CapPrm ?? '', /^0+$/);
    }
  }
});

test('the keyholder’s supervisor keeps three rights and starts the opener as another user', {
  skip,
}, async () => {
  const { pid } = servers.get('keyholder') ?? assert.fail();
  // CAP_KILL, CAP_SETGID, CAP_SETUID: bits 5, 6, 7.
  assert.equal(BigInt(`0x${(await statusOf(pid)).CapPrm}`), 0b1110_0000n);
  const processes = await processesOf(pid);
  assert.deepEqual([...processes.keys()].sort(), ['keyholder', 'opener']);
  const uids = await Promise.all([...processes.values()].map(uidOf));
  assert.equal(new Set([...uids, 0]).size, 3);
});

test('together they do the main job: a report comes in, a member gets a copy, a command finds the keyholder', {
  skip,
  ...limit,
}, async () => {
  assert.ok(here);
  await here.order('list', 'add', 'linux-distros', '--preset', 'linux-distros');
  await here.order('member', 'add', 'Debian', '--list', 'linux-distros');
  const alice = await here.person('Alice', 'alice@debian.example');
  const added = await here.operator(
    ...['representative', 'add', 'Debian', 'alice@debian.example', '--certificate', alice],
  );
  assert.deepEqual([added.code, added.stderr], [0, ''], 'no second keyholder was started for it');
  const raw = 'From: Rita <rita@researcher.example>\nSubject: [vs] overflow\n\nIt overflows.\n';
  assert.match(await here.send('rita@researcher.example', 'linux-distros@lists.example.org', raw), /^250/);
  await here.sink.taken(1);
  assert.deepEqual(
    [...new Set(here.sink.mails().map(({ recipient }) => recipient))],
    ['alice@debian.example'],
  );
});

test('a second supervisor of the same process is refused where it can be seen', { skip }, async () => {
  assert.ok(here);
  const second = await here.operator('run', '--only', 'keyholder');
  assert.equal(second.code, 1);
  assert.match(second.stderr, /A server runs already in .* \(process \d+\)/);
});

test('doctor judges each process by itself: one that is down makes the others no strangers on their ports', {
  skip,
  ...limit,
}, async () => {
  assert.ok(here);
  const findings = async () => {
    const { stdout } = (await here?.operator('doctor', '--json')) ?? assert.fail();
    const all: readonly Readonly<{ check: string; state: string; says: string; advice?: string }>[] =
      JSON.parse(stdout);
    return all.filter(({ check }) => ['server', 'port'].includes(check));
  };
  const well = await findings();
  assert.deepEqual([...new Set(well.map(({ state }) => state))], ['ok'], JSON.stringify(well));
  await servers.get('keyholder')?.stop();
  const failed = (await findings()).filter(({ state }) => state !== 'ok');
  assert.deepEqual(
    failed.map(({ says }) => says),
    ['keyholder is not running'],
  );
  assert.match(failed[0]?.advice ?? '', /^systemctl start embargod-keyholder/);
});
