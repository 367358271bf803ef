import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

/** Says which of the descriptors it was given are still open afterwards, and that Node works on. */
const program = `
  import { fstatSync, readFileSync } from 'node:fs';
  import { closeInherited } from ${JSON.stringify(new URL('close-inherited.ts', import.meta.url).href)};
  const open = () => [0, 1, 2, 40].filter((fd) => { try { return fstatSync(fd); } catch { return false; } });
  const before = open();
  closeInherited();
  readFileSync('/proc/self/stat');
  setTimeout(() => process.stdout.write(JSON.stringify([before, open()])), 1);
`;

test('what a shell left open is closed; standard streams and what Node needs stay', async () => {
  // Far from the others: Node itself looks at the first ones only.
  const stdio = Array.from({ length: 41 }, (_, fd) => (fd === 1 || fd === 40 ? 'pipe' : 'ignore'));
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], { stdio });
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(said), [
    [0, 1, 2, 40],
    [0, 1, 2],
  ]);
});
