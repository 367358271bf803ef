import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Installation, makeInstallation } from '../stand-ins/installation.ts';
import { goneFor, processesOf } from '../stand-ins/process-facts.ts';
import type { Started } from '../stand-ins/real-server.ts';

/** I1 in small: each process is killed once while reports come in; the sink's own log says what the readers have. */
const limit = { timeout: 60_000 };
const readers = ['alice@debian.example', 'bob@suse.example'];
const reporter = 'robin@researcher.example';
let here: Installation;
let server: Started;

before(async () => {
  here = await makeInstallation({ init: ['--unprotected-keys', '--shared-user'] });
  server = await here.run();
  await here.order('list', 'add', 'linux-distros', '--preset', 'linux-distros');
  for (const [index, address] of readers.entries()) {
    const certificate = await here.person(address, address);
    await here.order('member', 'add', `member ${index}`, '--list', 'linux-distros');
    await here.order('representative', 'add', `member ${index}`, address, '--certificate', certificate);
  }
  await here.gpg.importKey(await here.order('list', 'key', 'linux-distros'));
  await here.person('Robin', reporter);
}, limit);
after(async () => {
  await server?.stop();
  await here.close();
});

/** As a mail server does: until it has been told 250, it tries again. */
async function reportUntilTaken(id: string): Promise<void> {
  const send = () => here.report(reporter, `[vs] ${id}`, id).catch(() => '');
  while (!(await send()).startsWith('250')) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function kill(name: string): Promise<void> {
  let pid: number | undefined;
  while (pid === undefined) pid = (await processesOf(server.pid)).get(name);
  process.kill(pid, 'SIGKILL');
  await goneFor(pid);
}

/** Messages that a reader has: one Message-ID each, in the order they came. */
function messagesOf(reader: string): readonly string[] {
  return here.sink
    .mails()
    .filter(({ recipient }) => recipient === reader)
    .map(({ raw }) => /^Message-ID: (\S+)/im.exec(raw)?.[1] ?? '');
}

test('each process is killed with -9 while it works: nothing that was accepted is lost', limit, async () => {
  const victims = ['keyholder', 'opener', 'sender-process', 'intake-process'];
  let reports = 0;
  for (const victim of victims) {
    // One is on its way in, one was just accepted, and the copies of earlier ones are on their way out.
    const [first, second, third] = [reports, reports + 1, reports + 2];
    reports += 3;
    await reportUntilTaken(`r${first}`);
    const others = [reportUntilTaken(`r${second}`), reportUntilTaken(`r${third}`)];
    await kill(victim);
    await Promise.all(others);
  }
  const complete = () => readers.every((reader) => new Set(messagesOf(reader)).size >= reports);
  for (let count = here.sink.mails().length; !complete(); count += 1) await here.sink.taken(count + 1);
  const cases = await here.ask('case', 'list');
  assert.ok(Array.isArray(cases));
  // A report whose 250 was lost comes again, and opens no second case (T8).
  assert.equal(cases.length, reports);
  for (const reader of readers) {
    const messages = messagesOf(reader);
    assert.equal(new Set(messages).size, reports, `${reader} has a message for every report and no other`);
    const twice = messages.length - new Set(messages).size;
    assert.ok(twice <= 1, `only what was in the peer’s hands when sender died may come twice: ${twice}`);
  }
  const running = await processesOf(server.pid);
  for (const name of [...victims, 'public-keeper', 'public-site']) assert.ok(running.has(name), name);
});

test('the journal holds, and nothing waits', limit, async () => {
  await here.order('journal', 'verify');
  assert.deepEqual(await here.ask('outbox', 'list'), []);
  assert.deepEqual(await here.ask('held', 'list'), []);
});
