import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

/** systemd's own judgement of contrib/systemd, without a running systemd. */
const clone = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(clone, 'contrib/systemd');

/** Exposure that each unit must stay under, 0 (best) to 10; docs/operation.md has the figures. */
const most: Readonly<Record<string, number>> = {
  'embargod.service': 3.5,
  'per-process/embargod-intake.service': 1.8,
  'per-process/embargod-keyholder.service': 2.9,
  'per-process/embargod-public-keeper.service': 1.3,
  'per-process/embargod-public-site.service': 1.3,
  'per-process/embargod-sender.service': 1.5,
};

let scratch = '';
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'units-'));
});
after(() => rm(scratch, { recursive: true, force: true }));

function analyze(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['--no-pager', ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', SYSTEMD_COLORS: '0' },
  });
  return { status, text: `${stdout}${stderr}` };
}

test('every unit file has its limit here', async () => {
  const names = await readdir(folder, { recursive: true });
  assert.deepEqual(names.filter((name) => name.endsWith('.service')).sort(), Object.keys(most).sort());
});

for (const [name, limit] of Object.entries(most)) {
  test(`${name} is well-formed, and its exposure stays under ${limit}`, async () => {
    // The program is here and not in /opt.
    const text = await readFile(join(folder, name), 'utf8');
    const copy = join(scratch, basename(name));
    await writeFile(copy, text.replaceAll('/opt/embargod/', clone));
    const verified = analyze('verify', '--man=no', copy);
    assert.deepEqual([verified.status, verified.text.trim()], [0, '']);
    const judged = analyze('security', '--offline=true', `--threshold=${limit * 10}`, copy);
    assert.equal(judged.status, 0, judged.text);
    const unsafe = analyze('security', '--offline=true', '--threshold=10', copy);
    assert.notEqual(unsafe.status, 0, 'the threshold is one that can be missed');
  });
}

test('what no unit may lack is in every one: no core, no swap, no new rights, one architecture, filtered calls', async () => {
  const wanted = ['LimitCORE=0', 'MemorySwapMax=0', 'NoNewPrivileges=yes', 'ProtectSystem=strict'];
  wanted.push('SystemCallArchitectures=native', 'SystemCallFilter=@system-service');
  for (const name of Object.keys(most)) {
    const lines = (await readFile(join(folder, name), 'utf8')).split('\n');
    // Where the opener is started it gets a user and a network namespace of its own, and nobody any other.
    const opener = /(embargod|keyholder)\.service$/.test(name);
    const namespaces = `RestrictNamespaces=${opener ? 'user net' : 'yes'}`;
    for (const line of [...wanted, namespaces]) assert.ok(lines.includes(line), `${name} lacks ${line}`);
    // What is not set has its reason.
    assert.ok(lines.includes('# Not set, and why:'), name);
  }
});
