import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Configuration } from '../config/configuration.ts';
import { dataDirectory } from '../config/data-directory.ts';
import { refuseUnfinishedRestore, restoreMarker } from './unfinished-restore.ts';

test('nothing starts from half a restore, and the sentence says which file to take again', async () => {
  const root = await mkdtemp(join(tmpdir(), 'un-'));
  try {
    const configuration = { directory: dataDirectory(root) } as unknown as Configuration;
    await refuseUnfinishedRestore(configuration);
    await writeFile(restoreMarker(configuration), '/srv/a.backup\n');
    await assert.rejects(
      refuseUnfinishedRestore(configuration),
      /Run it again: embargod restore from \/srv\/a\.backup$/,
    );
  } finally {
    await rm(root, { recursive: true });
  }
});
