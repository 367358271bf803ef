import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeInstallation } from '../stand-ins/installation.ts';
import { processesOf } from '../stand-ins/process-facts.ts';

/** The two minutes that one mail may take are waited for: nothing here can be hurried. */
const limit = { timeout: 10 * 60_000 };
const reader = 'alice@debian.example';
const reporter = 'robin@researcher.example';

test(
  'a child that is stopped for good: its mail is held for a person, and the mail behind it is opened by another',
  limit,
  async () => {
    const here = await makeInstallation({ init: ['--unprotected-keys', '--shared-user'] });
    const server = await here.run();
    try {
      await here.order('list', 'add', 'linux-distros', '--preset', 'linux-distros');
      await here.order('member', 'add', 'Debian', '--list', 'linux-distros');
      const certificate = await here.person('A', reader);
      await here.order('representative', 'add', 'Debian', reader, '--certificate', certificate);
      await here.gpg.importKey(await here.order('list', 'key', 'linux-distros'));
      await here.person('Robin', reporter);
      const stopped = (await processesOf(server.pid)).get('opener');
      assert.ok(stopped);
      process.kill(stopped, 'SIGSTOP');
      for (const id of ['s1', 's2']) assert.match(await here.report(reporter, `[vs] ${id}`, id), /^250/);
      await here.sink.taken(1);
      const cases = await here.ask('case', 'list');
      assert.ok(Array.isArray(cases) && cases.length === 1, 'the second report is a case');
      const held = await here.ask('held', 'list');
      assert.ok(Array.isArray(held) && held.length === 1, 'the first waits for an administrator');
      const opener = (await processesOf(server.pid)).get('opener');
      assert.ok(opener !== undefined && opener !== stopped);
    } finally {
      await server.stop();
      await here.close();
    }
  },
);
