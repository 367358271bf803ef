import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { Installation } from '../stand-ins/installation.ts';
import { processesOf } from '../stand-ins/process-facts.ts';
import { type SmallCommunity, smallCommunity } from '../stand-ins/small-community.ts';

/** Small disks in memory, mounted over one folder of an installation, which are filled and emptied again. */
const run = promisify(execFile);
const mayMount =
  process.getuid?.() === 0 &&
  (await run('unshare', ['--mount', 'true']).then(
    () => true,
    () => false,
  ));
const limit = { timeout: 180_000, skip: mayMount ? false : 'only root may mount a small disk' };

/** Puts the folder, with what is in it, on a disk of its own. */
async function onSmallDisk(folder: string, size: string): Promise<void> {
  await run('cp', ['--archive', folder, `${folder}.before`]);
  await run('mount', ['--types', 'tmpfs', '--options', `size=${size}`, 'embargod-test', folder]);
  await run('cp', ['--archive', `${folder}.before/.`, folder]);
  await rm(`${folder}.before`, { recursive: true });
}

/** Leaves no byte free; gives what frees them again. */
async function fill(folder: string): Promise<() => Promise<void>> {
  const filler = join(folder, 'filler');
  await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k']).catch(() => undefined);
  return () => rm(filler);
}

async function withSmallDisk(
  disk: Readonly<{ folder: (here: Installation) => string; size: string }>,
  story: (community: SmallCommunity, folder: string) => Promise<void>,
): Promise<void> {
  let folder = '';
  const prepare = async (here: Installation) => {
    folder = disk.folder(here);
    await onSmallDisk(folder, disk.size);
  };
  let community: SmallCommunity | undefined;
  try {
    community = await smallCommunity({ prepare });
    await story(community, folder);
  } finally {
    await community?.server().stop();
    if (folder !== '') await run('umount', ['--lazy', folder]);
    await community?.here.close();
  }
}

/** Every report that was taken is a case, each reader has it once, nothing is held, and the journal verifies. */
async function everythingArrived(community: SmallCommunity, reports: number): Promise<void> {
  const { here, readers, copiesFor } = community;
  await here.sink.taken(reports * readers.length);
  for (const reader of readers) {
    const ids = copiesFor(reader).map(({ raw }) => /^Message-ID: (\S+)/im.exec(raw)?.[1]);
    assert.deepEqual([ids.length, new Set(ids).size], [reports, reports]);
  }
  assert.deepEqual(await here.ask('held', 'list'), []);
  assert.deepEqual(await here.ask('outbox', 'list'), []);
  await here.order('journal', 'verify');
}

test(
  'the database has no room: intake answers 452, nothing that was taken is lost, and all is well when there is room',
  limit,
  async (t) => {
    const disk = { folder: (here: Installation) => join(here.data, 'postgres'), size: '400m' };
    await withSmallDisk(disk, async (community, folder) => {
      let taken = 0;
      const send = async (id: string) => {
        const answer = await community.report(id);
        if (answer.startsWith('250')) taken += 1;
        return answer;
      };
      await send('before');
      const free = await fill(folder);
      const answers: string[] = [];
      for (let tries = 0; tries < 400 && answers.filter((one) => one.startsWith('4')).length < 5; tries += 1)
        answers.push(await send(`full${tries}`));
      t.diagnostic(
        `${answers.filter((one) => one.startsWith('250')).length} fitted in, then: ${answers.at(-1)}`,
      );
      assert.match(answers.find((one) => !one.startsWith('250')) ?? '', /^452 4\.3\.1 /);
      assert.ok(
        answers.every((one) => /^(250|45[12]) /.test(one)),
        answers.join('\n'),
      );
      await free();
      await community.reportUntilTaken('after');
      taken += 1;
      await everythingArrived(community, taken);
    });
  },
);

test(
  'the database dies because its log has no room, and cannot start: when there is room it comes back by itself, with everything',
  limit,
  async () => {
    const disk = { folder: (here: Installation) => join(here.data, 'postgres'), size: '400m' };
    await withSmallDisk(disk, async (community, folder) => {
      await community.reportUntilTaken('before');
      const free = await fill(folder);
      // Each wants a fresh piece of the write-ahead log; without one PostgreSQL panics, as it should.
      const switchLog = 'SELECT pg_logical_emit_message(true, $$x$$, $$x$$), pg_switch_wal()';
      const panicked = async () => {
        for (let turn = 0; turn < 200; turn += 1) await community.query(switchLog);
      };
      await assert.rejects(panicked());
      await community.server().line(/the server ended/);
      assert.match(await community.report('none'), /^(45[12] |$)/);
      await free();
      await community.reportUntilTaken('after');
      await everythingArrived(community, 2);
    });
  },
);

test(
  'the key folder has no room, and so neither has the journal’s head: mail is taken, and goes out when there is room',
  limit,
  async () => {
    const disk = { folder: (here: Installation) => join(here.data, 'keyholder'), size: '256k' };
    await withSmallDisk(disk, async (community, folder) => {
      await community.reportUntilTaken('before');
      await everythingArrived(community, 1);
      const free = await fill(folder);
      const had = (await processesOf(community.server().pid)).get('keyholder');
      const from = community.server().lines.length;
      for (const id of ['full1', 'full2', 'full3']) await community.reportUntilTaken(id);
      await community.server().line(/cannot be written beside the keys/, from);
      const added = await community.here.operator('list', 'add', 'second', '--preset', 'linux-distros');
      assert.notEqual(added.code, 0, 'no list without its keys');
      await free();
      await everythingArrived(community, 4);
      assert.notEqual(
        (await processesOf(community.server().pid)).get('keyholder'),
        had,
        'it stopped rather than forget',
      );
      await community.here.order('list', 'add', 'third', '--preset', 'linux-distros');
    });
  },
);
