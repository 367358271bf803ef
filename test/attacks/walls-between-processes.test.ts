/**
 * Attack: a process was taken over, and uses its user's rights against all others (P1): every process, every file of the
 * installation, every socket, every database role is tried, by a program that runs exactly as that process does. What
 * it can do is compared with `walls-allowed.ts`: one success more or less fails.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { processRoles } from '../../src/adapters/postgres/names.ts';
import { readableBy } from '../../src/run/readable-by.ts';
import { mayFence } from '../../src/run/supervisor/network-fence.ts';
import { commandFor, type ProcessSpec } from '../../src/run/supervisor/process-spec.ts';
import type { Targets, Tried } from '../fixtures/walls/targets.ts';
import { startTestCluster } from '../stand-ins/database.ts';
import { passphrase } from '../stand-ins/installation.ts';
import { statusOf } from '../stand-ins/process-facts.ts';
import { embargod } from '../stand-ins/real-server.ts';
import {
  type SeparateInstallation,
  separateInstallation,
  systemUsers,
  whyNotSeparate,
} from '../stand-ins/separate-installation.ts';
import { listeningOf, ownedBy, wallTargets } from '../stand-ins/wall-targets.ts';
import { allowedTo, isShownByLinux } from './walls-allowed.ts';

const why = whyNotSeparate();
const place = why === undefined ? '' : ` (skipped: ${why})`;
const limit = { timeout: 120_000, skip: why ?? false };
/** Far fewer than there are: against an attacker that was told of nothing. */
const fewestTries = 3_000;
const longestAnswer = 1e7;
const quietTitle = /^postgres: embargod_\w+ embargod_\w+ \[local\]\s*$/;
const fenced = mayFence();
let made: SeparateInstallation | undefined;
let targets: Targets | undefined;
const installed = () => made ?? assert.fail('there is no installation');

before(async () => {
  if (why !== undefined) return;
  made = await separateInstallation();
  targets = await wallTargets(made);
}, limit);
after(() => made?.close(), limit);

/** As the supervisor starts that process: its user and groups, no new privileges, and the opener's fence. */
async function tryAs(attacker: string): Promise<Tried> {
  assert.ok(targets);
  const user = attacker === 'nobody' ? { uid: 65_534, gid: 65_534 } : installed().idsOf(attacker);
  const spec: ProcessSpec = {
    name: attacker,
    file: new URL('../fixtures/walls/try-everything.ts', import.meta.url),
    user,
    withoutNetwork: attacker === 'opener' && fenced,
  };
  const { file, args, ids } = commandFor(spec, process.execPath);
  const processes = targets.processes.map((one) => ({ ...one, own: one.name === attacker }));
  const told = JSON.stringify({ ...targets, processes });
  const said = await new Promise<string>((resolve, reject) => {
    const options = { ...ids, cwd: '/', env: { PATH: '/usr/bin:/bin' }, maxBuffer: longestAnswer };
    const child = execFile(file, [...args], options, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
    child.stdin?.end(told);
  });
  const tried: Tried = JSON.parse(said);
  assert.deepEqual([tried.user, tried.group, tried.groups], [user.uid, user.gid, []]);
  return tried;
}

test(`each process has its user’s group and no other, as the attackers below${place}`, limit, async () => {
  for (const { name, pids } of targets?.processes ?? []) {
    if (name === 'supervisor') continue;
    const { gid } = installed().idsOf(name);
    for (const pid of pids) {
      const { Gid, Groups } = await statusOf(pid);
      assert.deepEqual([Gid?.split('\t'), Groups?.trim()], [Array(4).fill(String(gid)), ''], name);
    }
  }
});

for (const attacker of [...systemUsers, 'nobody']) {
  test(
    `who has taken over ${attacker} can do what is allowed and nothing else${place}`,
    limit,
    async (context) => {
      const { done, tries } = await tryAs(attacker);
      context.diagnostic(`${tries} tries`);
      assert.ok(targets && tries > fewestTries, 'it tried');
      const could = done.filter((one) => !isShownByLinux(one));
      assert.deepEqual(could, allowedTo(attacker, fenced));
    },
  );
}

test(
  `what Linux shows of every process tells no secret and nothing of what it does now${place}`,
  limit,
  async () => {
    const titles: string[] = [];
    for (const { name, pids } of targets?.processes ?? []) {
      for (const pid of pids) {
        const shown = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
        assert.ok(!shown.includes(passphrase), name);
        if (shown.startsWith('postgres: embargod_')) titles.push(shown);
      }
    }
    assert.ok(titles.length > 3, 'there are connections');
    // "idle", "SELECT", "COMMIT": when the keyholder has work, for every process of the machine to see (I9).
    for (const title of titles) assert.match(title, quietTitle);
  },
);

test(
  `nobody listens but at the two doors and for monitoring, and nobody at an abstract socket${place}`,
  limit,
  async () => {
    const { here } = installed();
    const pids = targets?.processes.flatMap((one) => one.pids) ?? [];
    const { ports, abstract } = await listeningOf(pids);
    assert.deepEqual([...ports].sort(), [here.smtpPort, here.sitePort, here.monitoringPort].sort());
    assert.deepEqual(abstract, []);
  },
);

test(`nothing of theirs lies where everybody may go${place}`, limit, () => {
  const uids = systemUsers.map((user) => installed().idsOf(user).uid);
  assert.deepEqual(ownedBy('/tmp', ...uids), []);
});

test(
  `no process shares the supervisor’s terminal: what it wrote there would be typed into an administrator’s shell${place}`,
  limit,
  async () => {
    const { server, running } = installed();
    const sessionOf = async (pid: number) => {
      const text = await readFile(`/proc/${pid}/stat`, 'utf8');
      return text.slice(text.lastIndexOf(')') + 2).split(' ')[3];
    };
    for (const [name, pid] of running)
      assert.notEqual(await sessionOf(pid), await sessionOf(server.pid), name);
  },
);

test(`the opener’s network is its own, and doctor says so${place}`, {
  ...limit,
  skip: why ?? (fenced ? false : 'no user namespaces here'),
}, async () => {
  const { server, running, here } = installed();
  const networkOf = (pid: number | undefined) => readlink(`/proc/${pid}/ns/net`);
  assert.notEqual(await networkOf(running.get('opener')), await networkOf(server.pid));
  assert.match((await here.operator('doctor')).stdout, /^ok {4}opener’s network: none/m);
});

test(
  `on a server with passwords each role’s stands in a file of its process’s user alone${place}`,
  limit,
  async () => {
    const { here, prefix, idsOf } = installed();
    const cluster = await startTestCluster();
    const data = join(here.folder, 'elsewhere');
    try {
      const init = [
        'init',
        '--data',
        data,
        '--domain',
        'lists.example.org',
        '--smtp',
        '127.0.0.1:1',
        '--unprotected-keys',
      ];
      const server = `postgresql://?host=${cluster.socketDirectory}`;
      const ran = await embargod([...init, '--user-prefix', prefix, '--database', server]);
      assert.equal(ran.code, 0, ran.stderr);
      const readers = (role: string) =>
        systemUsers.filter((user) => readableBy(join(data, 'passwords', role), idsOf(user)));
      assert.deepEqual(Object.fromEntries(processRoles.map((role) => [role, readers(role)])), {
        intake: ['intake'],
        keyholder: ['keyholder'],
        sender: ['sender'],
        operator: [],
        public_keeper: ['public'],
        public_site: ['site'],
      });
    } finally {
      await cluster.stop();
    }
  },
);
