import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir, readlink } from 'node:fs/promises';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { mail } from '../../test/fixtures/mail/pgp-mail.ts';
import { openerClient } from '../adapters/opener/opener-client.ts';
import { instantFromMilliseconds } from '../time/instant.ts';

const entry = fileURLToPath(new URL('./opener.ts', import.meta.url));
const task = {
  raw: mail(['Subject: canary-in-the-subject', '', 'canary-in-the-body']),
  listKeyIds: [],
  certificates: [],
  now: instantFromMilliseconds(1_795_000_000_000),
};

function start() {
  const child = spawn(process.execPath, [entry], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], env: {} });
  const said: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
  const socket = child.stdio[3];
  if (!(socket instanceof Socket)) throw new Error('A pipe of a child is a socket.');
  const ended = new Promise<Readonly<{ code: number | null; said: string }>>((resolve) => {
    child.on('close', (code) => resolve({ code, said: Buffer.concat(said).toString() }));
  });
  return { pid: child.pid, socket, ended };
}

test('the opener ends by itself, silently, when the keyholder does', async () => {
  const { socket, ended } = start();
  const client = openerClient(socket);
  const opened = await client.open(task, async () => undefined);
  assert.ok(!('kind' in opened));
  client.close();
  assert.deepEqual(await ended, { code: 0, said: '' });
});

test('while it works it has no file, listener or network socket open but what it was given', async () => {
  const { pid, socket, ended } = start();
  const client = openerClient(socket);
  await client.open(task, async () => undefined);
  const held: string[] = [];
  for (const name of await readdir(`/proc/${pid}/fd`)) {
    held.push(await readlink(`/proc/${pid}/fd/${name}`).catch(() => 'gone'));
  }
  client.close();
  await ended;
  const sockets = held.filter((target) => target.startsWith('socket:'));
  // Node makes pipes of a child into socket pairs: stdout, stderr and ours.
  assert.ok(sockets.length <= 3, held.join(' '));
  const others = held.filter((target) => !/^(socket:|pipe:|anon_inode:|\/dev\/null$|gone$)/.test(target));
  assert.deepEqual(others, []);
});

test('a fault ends it with one fixed line: nothing of what it read', async () => {
  const { socket, ended } = start();
  socket.on('error', () => undefined);
  socket.resume();
  const head = '[]\n{"kind":"canary-in-the-frame"}';
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  socket.write(Buffer.concat([length, Buffer.from(head)]));
  assert.deepEqual(await ended, { code: 1, said: 'The opener stopped on an unexpected fault.\n' });
});
