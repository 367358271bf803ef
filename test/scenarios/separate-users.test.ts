import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  descriptorsOf,
  limitOf,
  processesOf,
  statusOf,
  uidOf,
  variablesOf,
} from '../stand-ins/process-facts.ts';
import {
  type SeparateInstallation,
  separateInstallation,
  systemUsers,
  userOf as users,
  whyNotSeparate,
} from '../stand-ins/separate-installation.ts';

/** P1 as the kernel sees it: a user, rights and limits for each process. The users are made for this test and removed. */
const limit = { timeout: 60_000 };
const why = whyNotSeparate();
const place = why === undefined ? '' : ` (skipped: ${why})`;
let made: SeparateInstallation | undefined;
const installed = () => made ?? assert.fail('there is no installation');

before(async () => {
  if (why === undefined) made = await separateInstallation();
}, limit);
after(() => made?.close(), limit);

const skip = why ?? false;
const pidOf = (name: string) => installed().running.get(name) ?? assert.fail(`${name} does not run`);
const numberOf = (user: string) => installed().idsOf(user).uid;

test(`every process runs as its own user, with no capability and no way to any${place}`, {
  skip,
}, async () => {
  assert.deepEqual([...installed().running.keys()].sort(), Object.keys(users).sort());
  for (const [name, user] of Object.entries(users)) {
    const status = await statusOf(pidOf(name));
    const { Groups, CapEff, CapPrm, CapAmb, NoNewPrivs } = status;
    assert.equal(await uidOf(pidOf(name)), numberOf(user), name);
    assert.deepEqual([CapEff, CapPrm, CapAmb], Array(3).fill('0000000000000000'), name);
    assert.equal(NoNewPrivs, '1', name);
    assert.ok(!(Groups ?? '').split(' ').includes('0'), `${name} is not in root's group`);
    assert.equal(await limitOf(pidOf(name), 'Max core file size'), '0 0', name);
  }
});

test(`the supervisor keeps what starts and signals other users, and nothing else${place}`, {
  skip,
}, async () => {
  const { CapEff, CapPrm, CapBnd, NoNewPrivs } = await statusOf(installed().server.pid);
  // CAP_KILL 5, CAP_SETGID 6, CAP_SETUID 7
  assert.deepEqual([CapEff, CapPrm, CapBnd], Array(3).fill('00000000000000e0'));
  assert.equal(NoNewPrivs, '1');
});

test(`nothing of the operator’s environment reaches a process${place}`, { skip }, async () => {
  for (const name of Object.keys(users)) {
    const variables = await variablesOf(pidOf(name));
    const known = ['CREDENTIALS_DIRECTORY', 'EMBARGOD_SUPERVISED', 'HOME', 'LANG', 'MALLOC_MMAP_THRESHOLD_'];
    const more = ['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE', 'PATH', 'TZ'];
    assert.deepEqual(
      variables.filter((one) => ![...known, ...more].includes(one)),
      [],
      name,
    );
    assert.equal(variables.includes('CREDENTIALS_DIRECTORY'), name === 'keyholder', name);
  }
});

test(`no process opens an inspector on SIGUSR1${place}`, { skip }, async () => {
  for (const name of Object.keys(users)) {
    const listening = await listeningBefore(pidOf(name));
    process.kill(pidOf(name), 'SIGUSR1');
    assert.deepEqual(await listeningBefore(pidOf(name)), listening, name);
  }
  assert.deepEqual(await processesOf(installed().server.pid), installed().running, 'and none ends by it');
});

test(`the keyholder’s folder, and its copy of the credential, are closed to every other user${place}`, {
  skip,
}, async () => {
  const { here, credentials } = installed();
  const copy = join(credentials, 'run/keyholder/embargod-passphrase');
  const places = [join(here.data, 'keyholder/keyring.json'), copy];
  for (const path of places) {
    const reading = (user: string) =>
      spawnSync('/bin/cat', [path], { uid: numberOf(user), gid: numberOf(user) }).status === 0;
    assert.equal(reading('keyholder'), true, path);
    for (const user of systemUsers.filter((one) => one !== 'keyholder')) {
      assert.equal(reading(user), false, `${user} reads ${path}`);
    }
  }
});

test(`the opener has its socket and standard streams, and the kernel’s limits${place}`, {
  skip,
}, async () => {
  const pid = pidOf('opener');
  const descriptors = await descriptorsOf(pid);
  const strangers = [...descriptors].filter(([number, target]) => number > 3 && !isOwn(target, descriptors));
  assert.deepEqual(strangers, []);
  assert.match(descriptors.get(3) ?? '', /^socket:/);
  assert.equal(await limitOf(pid, 'Max data size'), '1500000000 1500000000');
  assert.equal(await limitOf(pid, 'Max cpu time'), '300 300');
  assert.equal(await limitOf(pid, 'Max open files'), '64 64');
  assert.equal(await limitOf(pid, 'Max processes'), '64 64');
});

test(`a report goes through all of them${place}`, { skip }, async () => {
  const { here } = installed();
  await here.order('list', 'add', 'linux-distros', '--preset', 'linux-distros');
  await here.order('member', 'add', 'Debian', '--list', 'linux-distros');
  const alice = await here.person('Alice', 'alice@debian.example');
  await here.order('representative', 'add', 'Debian', 'alice@debian.example', '--certificate', alice);
  await here.order('list', 'administrator', 'add', 'linux-distros', 'alice@debian.example');
  await here.gpg.importKey(await here.order('list', 'key', 'linux-distros'));
  await here.person('Robin', 'robin@researcher.example');
  assert.match(await here.report('robin@researcher.example', '[vs] libfoo', 'r1'), /^250 /);
  await here.sink.taken(1);
  const doctor = await here.operator('doctor', '--json');
  const findings: readonly Readonly<{ check: string; state: string }>[] = JSON.parse(doctor.stdout);
  const users = findings.find(({ check }) => check === 'users');
  assert.equal(users?.state, 'ok');
  assert.deepEqual(
    findings.filter(({ state }) => state === 'fail'),
    [],
  );
});

test(`a restore leaves the keyholder its files, and every process starts again${place}`, {
  skip,
}, async () => {
  const { here, server } = installed();
  const backup = join(here.folder, 'a.backup');
  await here.order('backup', '--to', backup);
  assert.equal(await server.stop(), 0);
  await here.order('restore', 'from', backup, '--yes');
  const directory = join(here.data, 'keyholder');
  for (const name of await readdir(directory, { recursive: true })) {
    const { uid, mode } = await stat(join(directory, name));
    assert.deepEqual([uid, mode & 0o077], [numberOf('keyholder'), 0], name);
  }
  const again = await here.run();
  try {
    assert.match(await here.order('restore', 'show'), /Frozen until these are confirmed/);
    const running = await processesOf(again.pid);
    assert.deepEqual([...running.keys()].sort(), Object.keys(users).sort());
  } finally {
    await again.stop();
  }
});

/** Both ends are its own: libuv's way to wake its loop at a signal; and what it keeps in reserve for full tables. */
function isOwn(target: string, all: ReadonlyMap<number, string>): boolean {
  if (target === '/dev/null') return true;
  return target.startsWith('pipe:') && [...all.values()].filter((one) => one === target).length === 2;
}

/** Sockets that listen, by their inode; asked of the kernel after the process has had its signal and a turn. */
async function listeningBefore(pid: number): Promise<readonly string[]> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  const sockets = [...(await descriptorsOf(pid)).values()].filter((target) => target.startsWith('socket:'));
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8')));
  // State 0A is LISTEN; the tenth field is the inode.
  const listening = tables
    .flatMap((table) => table.split('\n').map((line) => line.trim().split(/\s+/)))
    .filter((fields) => fields[3] === '0A')
    .map((fields) => `socket:[${fields[9]}]`);
  return sockets.filter((socket) => listening.includes(socket)).sort();
}
