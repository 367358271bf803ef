import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { StartRefused } from './keep-running.ts';
import { failedLine, parseReadyLine, readyFacts, readyLine } from './ready-line.ts';

/** A connected pair; the first end is the supervisor's. */
async function pair(context: TestContext): Promise<readonly [Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const accepted = once(server, 'connection');
  const child = connect(address.port, '127.0.0.1');
  const [supervisor] = await accepted;
  assert.ok(supervisor instanceof Socket);
  context.after(() => {
    for (const end of [child, supervisor]) end.destroy();
    server.close();
  });
  return [supervisor, child];
}

test('facts cross as one line, whole or in pieces', async (context) => {
  const [supervisor, child] = await pair(context);
  const facts = readyFacts(supervisor);
  const line = readyLine({ smtp: '[::1]:2525' });
  child.write(line.slice(0, 9));
  child.write(line.slice(9));
  assert.deepEqual(await facts, { smtp: '[::1]:2525' });
});

test('a process that floods the pipe is refused after 2 KB, not remembered', async (context) => {
  const [supervisor, child] = await pair(context);
  child.on('error', () => {});
  const facts = readyFacts(supervisor);
  child.write('ready '.repeat(100_000));
  await assert.rejects(facts, /something else/);
  assert.equal(supervisor.isPaused(), true);
});

test('nothing but text by name is taken for facts', () => {
  const wrong = ['', 'ready', 'ready []', 'ready null', 'ready {"port":25}', 'ready {', 'steady {}'];
  for (const line of wrong) assert.equal(parseReadyLine(line), undefined, line);
  assert.deepEqual(parseReadyLine('ready {}'), {});
});

test('why a process does not start crosses as one printable sentence', async (context) => {
  const [supervisor, child] = await pair(context);
  const facts = readyFacts(supervisor);
  child.write(failedLine('The port is taken.\u001b[2J\nroot: all is well'));
  await assert.rejects(facts, (error) => {
    assert.ok(error instanceof StartRefused);
    assert.equal(error.message, 'The port is taken. [2J root: all is well');
    return true;
  });
});
