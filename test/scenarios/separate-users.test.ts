import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Installation, makeInstallation, passphrase } from '../stand-ins/installation.ts';
import {
  descriptorsOf,
  limitOf,
  processesOf,
  statusOf,
  uidOf,
  variablesOf,
} from '../stand-ins/process-facts.ts';
import { openDirectory, type Started } from '../stand-ins/real-server.ts';

/** P1 as the kernel sees it: a user, rights and limits for each process. The users are made for this test and removed. */
const users = {
  'intake-process': 'intake',
  keyholder: 'keyholder',
  opener: 'opener',
  'sender-process': 'sender',
  'public-keeper': 'public',
  'public-site': 'site',
} as const;
const prefix = `em${process.pid}`;
const limit = { timeout: 60_000 };
const why = whyNot();
const place = why === undefined ? '' : ` (skipped: ${why})`;
let credentials: Awaited<ReturnType<typeof openDirectory>> | undefined;
let here: Installation | undefined;
let server: Started | undefined;
let running: ReadonlyMap<string, number> = new Map();

function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can give a process another user';
  const source = fileURLToPath(new URL('../../src/run/main.ts', import.meta.url));
  const reads = spawnSync(process.execPath, ['-e', `require('fs').readFileSync(${JSON.stringify(source)})`], {
    uid: 65_534,
    gid: 65_534,
  });
  return reads.status === 0 ? undefined : 'this clone is closed to other users';
}

before(async () => {
  if (why !== undefined) return;
  await removeLeftovers();
  credentials = await openDirectory();
  await writeFile(join(credentials.path, 'embargod-passphrase'), `${passphrase}\n`, { mode: 0o400 });
  const environment = {
    CREDENTIALS_DIRECTORY: credentials.path,
    RUNTIME_DIRECTORY: join(credentials.path, 'run'),
    CANARY: 'not for any process',
  };
  here = await makeInstallation({
    init: ['--credential', 'embargod-passphrase', '--user-prefix', prefix],
    // An administrator with a careful umask, and the service with what its unit leaves it.
    how: { environment, launcher: withUmask('0077') },
    howToRun: { environment, launcher: await asInTheUnit() },
  });
  server = await here.run();
  running = await processesOf(server.pid);
}, limit);
after(async () => {
  await server?.stop();
  await here?.close();
  await credentials?.remove();
  if (why !== undefined) return;
  for (const user of [...Object.values(users), 'postgres'])
    spawnSync('/usr/sbin/userdel', [`${prefix}-${user}`]);
}, limit);

/** Users of a test run that was killed. */
async function removeLeftovers(): Promise<void> {
  const text = await readFile('/etc/passwd', 'utf8');
  for (const [, name = '', pid] of text.matchAll(/^(em(\d+)-[a-z]+):/gm)) {
    if (!existsSync(`/proc/${pid}`)) spawnSync('/usr/sbin/userdel', [name]);
  }
}

function withUmask(mask: string): readonly string[] {
  return ['/bin/sh', '-c', `umask ${mask}; exec "$@"`, 'sh'];
}

/** The rights that contrib/systemd leaves the supervisor to begin with. */
async function asInTheUnit(): Promise<readonly string[]> {
  const file = new URL('../../contrib/systemd/embargod.service', import.meta.url);
  const unit = await readFile(file, 'utf8');
  const of = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? assert.fail(key);
  const kept = of('CapabilityBoundingSet')
    .split(' ')
    .map((name) => `+${name.replace(/^CAP_/, '').toLowerCase()}`);
  assert.equal(of('NoNewPrivileges'), 'yes');
  const rights = ['/usr/bin/setpriv', '--no-new-privs', `--bounding-set=-all,${kept.join(',')}`, '--'];
  return [...withUmask(of('UMask')), ...rights];
}

const skip = why ?? false;
const pidOf = (name: string) => running.get(name) ?? assert.fail(`${name} does not run`);
const numberOf = (user: string) =>
  Number(execFileSync('id', ['-u', `${prefix}-${user}`], { encoding: 'utf8' }));

test(`every process runs as its own user, with no capability and no way to any${place}`, {
  skip,
}, async () => {
  assert.deepEqual([...running.keys()].sort(), Object.keys(users).sort());
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
  const { CapEff, CapPrm, CapBnd, NoNewPrivs } = await statusOf(server?.pid ?? 0);
  // CAP_KILL 5, CAP_SETGID 6, CAP_SETUID 7
  assert.deepEqual([CapEff, CapPrm, CapBnd], Array(3).fill('00000000000000e0'));
  assert.equal(NoNewPrivs, '1');
});

test(`nothing of the operator’s environment reaches a process${place}`, { skip }, async () => {
  for (const name of Object.keys(users)) {
    const variables = await variablesOf(pidOf(name));
    const known = ['CREDENTIALS_DIRECTORY', 'EMBARGOD_SUPERVISED', 'HOME', 'LANG', 'NODE_CHANNEL_FD'];
    const more = ['NODE_CHANNEL_SERIALIZATION_MODE', 'PATH', 'TZ'];
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
  assert.deepEqual(await processesOf(server?.pid ?? 0), running, 'and none ends by it');
});

test(`the keyholder’s folder, and its copy of the credential, are closed to every other user${place}`, {
  skip,
}, async () => {
  const copy = join(credentials?.path ?? '', 'run/keyholder/embargod-passphrase');
  const places = [join(here?.data ?? '', 'keyholder/keyring.json'), copy];
  for (const path of places) {
    const reading = (user: string) =>
      spawnSync('/bin/cat', [path], { uid: numberOf(user), gid: numberOf(user) }).status === 0;
    assert.equal(reading('keyholder'), true, path);
    for (const user of [...Object.values(users), 'postgres'].filter((one) => one !== 'keyholder')) {
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
  assert.ok(here);
  await here.order('list', 'add', 'linux-distros', '--preset', 'linux-distros');
  await here.order('member', 'add', 'Debian', '--list', 'linux-distros');
  const alice = await here.person('Alice', 'alice@debian.example');
  await here.order('representative', 'add', 'Debian', 'alice@debian.example', '--certificate', alice);
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
