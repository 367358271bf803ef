import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ProcessSpec } from './process-spec.ts';
import { supervise } from './supervisor.ts';

const limit = { timeout: 30_000 };
const fixtures = new URL('../../../test/fixtures/supervisor/', import.meta.url);
const loadStripped = `--import=${new URL('../../../bin/load-stripped.mjs', import.meta.url).href}`;
const nobody = { uid: 65534, gid: 65534 };

async function rightsOf(spec: Omit<ProcessSpec, 'name' | 'file'>) {
  const process = { name: 'one', file: new URL('rights.ts', fixtures), ...spec };
  const supervision = await supervise({ processes: [process], log: () => {} });
  await supervision.stop();
  return supervision.facts.one;
}

/** Another user must be able to read the clone, as in an installation. */
function othersMayRead(): boolean {
  const parents = fileURLToPath(fixtures).split('/').slice(0, -1);
  const folders = parents.map((_, index) => parents.slice(0, index + 1).join('/') || '/');
  return folders.every((folder) => (statSync(folder).mode & 0o005) === 0o005);
}

test('the kernel holds a process to its limits', limit, async () => {
  const limits = { dataBytes: 1_500_000_000, cpuSeconds: 60, openFiles: 64 };
  const rights = await rightsOf({ limits });
  assert.equal(rights?.data, '1500000000');
  assert.equal(rights?.core, '0');
  assert.equal(rights?.files, '64');
  const flags = [
    '--disable-sigusr1',
    '--v8-pool-size=1',
    '--max-semi-space-size=2',
    '--initial-heap-size=256',
  ];
  assert.equal(rights?.flags, [...flags, loadStripped].join(' '));
});

test(
  'a process with a user of its own has no capability, and with low ports only that one',
  limit,
  async (context) => {
    if (process.getuid?.() !== 0) return context.skip('only root can give a process another user');
    if (!othersMayRead()) return context.skip('this clone is closed to other users');
    const plain = await rightsOf({ user: nobody });
    assert.deepEqual([plain?.user, plain?.capabilities], ['65534', '0000000000000000']);
    const low = await rightsOf({ user: nobody, lowPorts: true });
    assert.deepEqual([low?.user, low?.capabilities], ['65534', '0000000000000400']);
  },
);

test('a supervisor started by root keeps only what restarts and signals need', limit, async (context) => {
  if (process.getuid?.() !== 0) return context.skip('only root has rights to give up');
  const { stdout } = await promisify(execFile)(process.execPath, [
    fileURLToPath(new URL('few-capabilities.ts', fixtures)),
  ]);
  // CAP_KILL 5, CAP_SETGID 6, CAP_SETUID 7; the pid is the same, so that a service manager does not lose it.
  assert.equal(stdout, 'e0 e0 e0 true');
});

test(
  'a supervisor that may not give up its rights says what it lacks, and does not begin again for ever',
  limit,
  async (context) => {
    if (process.getuid?.() !== 0) return context.skip('only root has rights to give up');
    const kept = '--bounding-set=-all,+setuid,+setgid,+kill,+chown';
    const program = fileURLToPath(new URL('few-capabilities.ts', fixtures));
    const started = promisify(execFile)('/usr/bin/setpriv', [kept, '--', process.execPath, program], {
      timeout: 20_000,
    });
    await assert.rejects(started, /needs CAP_SETPCAP to begin with/);
  },
);
