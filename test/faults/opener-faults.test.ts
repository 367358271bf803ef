import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { type Installation, makeInstallation } from '../stand-ins/installation.ts';
import { superuserOf } from '../stand-ins/installation-database.ts';
import { processesOf } from '../stand-ins/process-facts.ts';
import type { Started } from '../stand-ins/real-server.ts';

/** The child that reads hostile bytes is killed or stopped while it has a mail in its hands: the mail is not to blame. */
const limit = { timeout: 60_000 };
const reader = 'alice@debian.example';
const reporter = 'robin@researcher.example';
let here: Installation;
let server: Started;
let superuser: Client;

before(async () => {
  here = await makeInstallation({ init: ['--unprotected-keys', '--shared-user'] });
  server = await here.run();
  await here.order('list', 'add', 'linux-distros', '--preset', 'linux-distros');
  await here.order('member', 'add', 'Debian', '--list', 'linux-distros');
  await here.order(
    'representative',
    'add',
    'Debian',
    reader,
    '--certificate',
    await here.person('A', reader),
  );
  await here.gpg.importKey(await here.order('list', 'key', 'linux-distros'));
  await here.person('Robin', reporter);
  superuser = new Client(await superuserOf(here.data));
  await superuser.connect();
}, limit);
after(async () => {
  await superuser?.end();
  await server?.stop();
  await here.close();
});

async function openerPid(): Promise<number> {
  for (;;) {
    const pid = (await processesOf(server.pid)).get('opener');
    if (pid !== undefined) return pid;
  }
}

/** A report that the stopped child has before it: its attempt is counted, and it does not end. */
async function handToStopped(id: string): Promise<number> {
  const pid = await openerPid();
  process.kill(pid, 'SIGSTOP');
  assert.match(await here.report(reporter, `[vs] ${id}`, id), /^250/);
  for (let found = 0; found === 0; ) {
    const { rows } = await superuser.query(
      `SELECT FROM inbox JOIN inbox_attempts ON inbox_id = inbox.id WHERE state = 'waiting'`,
    );
    found = rows.length;
  }
  return pid;
}

const copies = () => here.sink.mails().filter(({ recipient }) => recipient === reader).length;

test('killed with a mail in its hands: the next one opens it, once, and nothing is held', limit, async () => {
  const before = copies();
  process.kill(await handToStopped('k1'), 'SIGKILL');
  await here.sink.taken(before + 1);
  assert.deepEqual(await here.ask('held', 'list'), []);
  assert.equal(copies(), before + 1);
});

test(
  'stopped and let go on, as on a machine that is too slow: the mail is opened then, and nothing is held',
  limit,
  async () => {
    const before = copies();
    process.kill(await handToStopped('k2'), 'SIGCONT');
    await here.sink.taken(before + 1);
    assert.deepEqual(await here.ask('held', 'list'), []);
  },
);
