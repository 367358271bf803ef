import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isTest, readSources } from '../architecture/source-graph.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));

/** `log.warn('event'`, `log('error', 'event'`, `parameters.log('event'`. */
const logged =
  /\blog(?:\.(?:debug|info|warn|error)|\[\w+\])?\(\s*(?:'(?:debug|info|warn|error)',\s*)?'([a-z]+(?:-[a-z]+)*)'/g;

test('docs/operation.md names every event that is logged, and no other', async () => {
  const sources = await readSources(top, ['src']);
  const events = new Set<string>();
  for (const [path, text] of sources) {
    // The supervisor writes sentences about its processes; they appear as `said`.
    if (isTest(path) || path.startsWith('src/run/supervisor/')) continue;
    for (const [, event = ''] of text.matchAll(logged)) events.add(event);
    assert.doesNotMatch(
      text,
      /\blog(?:\.(?:debug|info|warn|error))?\(\s*`/,
      `${path}: an event is a constant`,
    );
  }
  assert.ok(events.size > 20);
  const page = await readFile(`${top}docs/operation.md`, 'utf8');
  const table = page.slice(page.indexOf('| event |'), page.indexOf('## What to do when'));
  const named = [...table.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([a-z-]+)`/g)].map(([, event = '']) => event),
  );
  assert.deepEqual(named.toSorted(), [...events].toSorted());
});
