import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitMbox } from './split-mbox.ts';

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function mails(text: string, size = 7): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const item of splitMbox(inPieces(text, size)))
    found.push(item.kind === 'mail' ? new TextDecoder().decode(item.raw) : item.kind);
  return found;
}

const from = 'From a@x.example Mon Aug 24 10:00:00 2026\n';

test('each mail comes whole, without what the file adds to it', async () => {
  assert.deepEqual(await mails(`${from}Subject: one\n\nhello\n\n${from}Subject: two\n\nbye\n`), [
    'Subject: one\n\nhello\n',
    'Subject: two\n\nbye\n',
  ]);
  assert.deepEqual(await mails(`${from}Subject: one\r\n\r\nhello\r\n\r\n${from}`), [
    'Subject: one\r\n\r\nhello\r\n',
    '',
  ]);
});

test('a line that somebody wrote begins no mail: it has no blank line before it, or no date', async () => {
  const text = `Subject: one\n\nhello\n${from}\nFrom here on it is 2026.\n>From the start\n>>From before\n`;
  assert.deepEqual(await mails(from + text), [text.replace('>From', 'From').replace('>>From', '>From')]);
});

test('what is no mailbox has no mail in it', async () => {
  assert.deepEqual(await mails('Subject: one\n\nhello\n'), []);
  assert.deepEqual(await mails(''), []);
});

test('the same mails, in whatever pieces the file is read', async () => {
  const any = fc.array(fc.constantFrom('a', '\n', '\r\n', from, '>From x\n', 'From x\n'), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(any, fc.integer({ min: 1, max: 40 }), async (pieces, size) => {
      const text = from + pieces.join('');
      assert.deepEqual(await mails(text, size), await mails(text, 10_000));
    }),
  );
});
