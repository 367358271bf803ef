import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../test/fixtures/terminal/ask.ts', import.meta.url));

/** What a terminal shows when somebody types `keys` the very moment they are asked; `script` is the terminal. */
async function typed(keys: string): Promise<string> {
  const command = `'${process.execPath}' '${program}'`;
  const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  let asked = false;
  terminal.stdout.on('data', (piece: Buffer) => {
    shown += piece.toString();
    if (asked || !shown.includes('Passphrase: ')) return;
    asked = true;
    terminal.stdin.write(keys);
  });
  await new Promise((resolve) => terminal.on('close', resolve));
  return shown;
}

const hex = (text: string) => Buffer.from(text).toString('hex');

test('a passphrase is not shown, however quickly it is typed', async () => {
  const shown = await typed('correct horse battery\r');
  assert.doesNotMatch(shown, /horse/);
  assert.match(shown, new RegExp(`heard ${hex('correct horse battery')}`));
});

test('Ctrl-C at the question is an answer: no passphrase was given', async () => {
  assert.match(await typed('\x03'), new RegExp(`heard ${hex('nothing: No passphrase was given.')}`));
});
