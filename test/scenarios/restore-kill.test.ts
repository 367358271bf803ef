import assert from 'node:assert/strict';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Installation, makeInstallation } from '../stand-ins/installation.ts';
import { type Started, startEmbargod } from '../stand-ins/real-server.ts';

/** kill -9 in the middle of a restore: the old databases, the restored ones, or a word that it must be run again. */
const limit = { timeout: 120_000 };
let here: Installation;
let file = '';

before(async () => {
  here = await makeInstallation({ init: ['--unprotected-keys', '--shared-user'] });
  await here.order('list', 'add', 'linux-distros', '--preset', 'linux-distros');
  file = join(here.folder, 'a.backup');
  await here.order('backup', '--to', file);
  await here.order('member', 'add', 'Debian', '--list', 'linux-distros');
}, limit);
after(() => here.close());

function startRestore(): Started {
  return startEmbargod(['restore', 'from', file, '--yes', '--data', here.data]);
}

/** What the operator finds afterwards. */
async function stateAfterwards(): Promise<'old' | 'restored' | 'again'> {
  const shown = await here.operator('restore', 'show', '--json');
  if (shown.code !== 0) {
    assert.match(
      shown.stderr,
      /A restore was begun here and did not end\. Run it again: embargod restore from /,
    );
    return 'again';
  }
  const { frozen } = JSON.parse(shown.stdout);
  return frozen ? 'restored' : 'old';
}

/** Whatever was left, another run of the same command mends it. */
async function mend(): Promise<void> {
  await here.order('restore', 'from', file, '--yes');
  for (const part of [['roster'], ['purges'], ['outbox', '--cancel']])
    await here.order('restore', 'confirm', ...part);
  assert.doesNotMatch(await here.order('member', 'list'), /Debian/);
  assert.match(await here.order('journal', 'verify'), /verifies/);
}

for (const moment of [/The backup is whole/, /^it: Restore: \d+ of \d+, private\.inbox/, /public\.lists/]) {
  test(
    `killed when it says ${moment.source}, it has changed nothing, or says that it must be run again`,
    limit,
    async () => {
      const restore = startRestore();
      await restore.line(moment);
      restore.signal('SIGKILL');
      await restore.ended;
      const state = await stateAfterwards();
      assert.ok(['old', 'again', 'restored'].includes(state));
      if (moment.source.includes('whole')) assert.equal(state, 'old');
    },
  );
}

test(
  'killed between its first commit and its last word, it says that it must be run again, or has ended',
  limit,
  async () => {
    const seen = new Promise<void>((resolve) => {
      const watcher = watch(here.data, (_, name) => {
        if (name !== 'restore-unfinished') return;
        watcher.close();
        resolve();
      });
    });
    const restore = startRestore();
    await seen;
    restore.signal('SIGKILL');
    await restore.ended;
    assert.notEqual(await stateAfterwards(), 'old');
  },
);

test('run again, it ends; the server starts, and is frozen until it is confirmed', limit, mend);
