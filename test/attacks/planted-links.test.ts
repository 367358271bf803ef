import assert from 'node:assert/strict';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { journalHeadFile, tellKeyholder } from '../../src/run/backup/keyholder-memory.ts';
import { writeBackup } from '../../src/run/backup/write-backup.ts';
import { journalGuard } from '../../src/run/keyholder/journal-guard.ts';
import { findSystemUser } from '../../src/run/plan-processes.ts';
import { withRightsOf } from '../../src/run/with-rights-of.ts';
import { instantFromMilliseconds } from '../../src/time/instant.ts';

/**
 * Attack: whoever took over a process plants links in its own folder. Root, who comes to restore, would write through them,
 * and give away what they lead to.
 */
const why = process.getuid?.() === 0 ? undefined : 'only root could be led anywhere';
const skip = why ?? false;
const nobody = findSystemUser('nobody') ?? { uid: 65534, gid: 65534 };
let folder: string;
let theirs: string;
let ours: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'links-'));
  await chmod(folder, 0o711);
  [theirs, ours] = [join(folder, 'theirs'), join(folder, 'ours')];
  await mkdir(theirs, { mode: 0o700 });
  await chown(theirs, nobody.uid, nobody.gid);
  await mkdir(ours, { mode: 0o700 });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const head = { generation: 2, size: 1, head: Buffer.alloc(32) };
const note = {
  generation: 2,
  at: instantFromMilliseconds(0),
  backupAt: instantFromMilliseconds(0),
  sizeBefore: undefined,
};

for (const name of ['journal-head', 'journal-head.before-generation-2', 'restore-note'])
  test(`a restore writes nothing through a link at ${name}`, { skip }, async () => {
    const target = join(ours, 'file');
    await writeFile(target, 'ours', { mode: 0o600 });
    await writeFile(journalHeadFile(theirs), `1 1 ${'00'.repeat(32)}\n`);
    await chown(journalHeadFile(theirs), nobody.uid, nobody.gid);
    await rm(join(theirs, name), { force: true });
    await symlink(target, join(theirs, name));
    await tellKeyholder(theirs, head, note).catch(() => undefined);
    assert.equal(await readFile(target, 'utf8'), 'ours');
    assert.equal((await stat(target)).uid, 0);
  });

test('without one, the memory is written, and the keyholder’s own', { skip }, async () => {
  await tellKeyholder(theirs, head, note);
  assert.deepEqual(await journalGuard(journalHeadFile(theirs)).remembered(), head);
  assert.equal((await stat(journalHeadFile(theirs))).uid, nobody.uid);
  assert.deepEqual([process.geteuid?.(), process.getegid?.()], [0, 0]);
});

test('work that fails gives root its rights back', { skip }, async () => {
  const groups = process.getgroups?.();
  await assert.rejects(
    withRightsOf(nobody, () => readFile(join(ours, 'none'))),
    { code: 'EACCES' },
  );
  assert.equal(process.geteuid?.(), 0);
  assert.deepEqual(process.getgroups?.(), groups);
});

test('a backup is written beside a link that stands in its way, not through it', async () => {
  const file = join(folder, 'backup');
  await writeFile(join(folder, 'precious'), 'precious');
  await symlink(join(folder, 'precious'), `${file}.part`);
  await writeBackup(
    file,
    (async function* () {
      yield '{}';
    })(),
  );
  assert.equal(await readFile(join(folder, 'precious'), 'utf8'), 'precious');
  assert.equal((await lstat(file)).isFile(), true);
});
