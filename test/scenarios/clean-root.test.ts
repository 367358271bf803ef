import assert from 'node:assert/strict';
import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Installation, makeInstallation } from '../stand-ins/installation.ts';
import type { Ran, Started } from '../stand-ins/real-server.ts';

/** A machine is lost. Its backup and its keys make it again elsewhere, with real processes, by the command line alone. */
const limit = { timeout: 120_000 };
const list = 'linux-distros@lists.example.org';
const init = ['--unprotected-keys', '--shared-user'];
let here: Installation;
let there: Installation;
let server: Started | undefined;
let file = '';
let taken = 0;
let oldCase = '';

before(async () => {
  [here, there] = await Promise.all([makeInstallation({ init }), makeInstallation({ init })]);
  server = await here.run();
  await here.order('list', 'add', 'linux-distros', '--preset', 'linux-distros');
  for (const name of ['alice', 'bob']) {
    const address = `${name}@${name}.example`;
    await here.order('member', 'add', name, '--list', 'linux-distros');
    const certificate = await here.person(name, address);
    await here.order('representative', 'add', name, address, '--certificate', certificate);
  }
  file = join(here.folder, 'full.backup');
}, limit);
after(async () => {
  await server?.stop();
  await Promise.all([here.close(), there.close()]);
});

function mailOf(word: string, to = list, subject = `[vs] ${word}`): string {
  return `From: Rita <rita@researcher.example>\nTo: ${to}\nSubject: ${subject}\nMessage-ID: <${word}@researcher.example>\n\ncanary ${word}\n`;
}

function refused(ran: Ran, pattern: RegExp): void {
  assert.deepEqual([ran.code, ran.stdout], [1, '']);
  assert.match(ran.stderr, pattern);
}

async function numbers(at: Installation): Promise<readonly string[]> {
  const cases = await at.ask('case', 'list');
  return Array.isArray(cases) ? cases.map(({ number }) => String(number)) : [];
}

test(
  'a backup is made while mail flows, readable by its owner alone; it replaces no file',
  limit,
  async () => {
    assert.match(await here.send('rita@researcher.example', list, mailOf('first')), /^250 /);
    await here.sink.taken(2);
    [oldCase = ''] = await numbers(here);
    let flowing = true;
    const flow = (async () => {
      for (; flowing; taken += 1)
        assert.match(await here.send('rita@researcher.example', list, mailOf(`flow-${taken}`)), /^250 /);
    })();
    await here.sink.taken(6);
    const made = await here.order('backup', '--to', file);
    flowing = false;
    await flow;
    assert.match(made, /rows, \d+ KiB, as of 20\d\d-/);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    await assert.rejects(stat(`${file}.part`));
    refused(await here.operator('backup', '--to', file), /is there already/);
  },
);

test(
  'nothing is restored under a running server, over a question nobody answers, or without the keys',
  limit,
  async () => {
    refused(await here.operator('restore', 'from', file, '--yes'), /The server runs here .*stop it first/);
    await server?.stop();
    server = undefined;
    refused(
      await here.operator('restore', 'from', file),
      /Nothing was changed: a restore wants the word typed/,
    );
    refused(await there.operator('restore', 'from', file, '--yes'), /belongs to other keys than those here/);
  },
);

test(
  'with the keys there, it is restored into the new root, and says what is lost and next',
  limit,
  async () => {
    await rm(join(there.data, 'keyholder'), { recursive: true });
    await cp(join(here.data, 'keyholder'), join(there.data, 'keyholder'), { recursive: true });
    // Keys are brought there, and no memory: that machine never saw the journal.
    for (const memory of ['journal-head', 'roster-memory']) await rm(join(there.data, 'keyholder', memory));
    for (const pin of ['statement', 'keyholder'])
      await writeFile(join(there.data, 'pins', pin), await readFile(join(here.data, 'pins', pin)));
    const restored = await there.operator('restore', 'from', file, '--yes');
    assert.equal(restored.code, 0, restored.stderr);
    assert.match(restored.stderr, /Lost: everything after 20\d\d-\S+; how much that is, nobody knows/);
    assert.match(restored.stdout, /generation 2\.\nFrozen: /);
  },
);

test('frozen, it takes mail in and sends nothing; confirmed, the report goes through', limit, async () => {
  server = await there.run();
  assert.match(await there.send('rita@researcher.example', list, mailOf('elsewhere')), /^250 /);
  const shown = await there.order('restore', 'show');
  assert.match(shown, /alice@alice\.example \(alice\) {3}active/);
  assert.match(
    shown,
    /restore confirm roster[\s\S]*restore confirm purges[\s\S]*restore confirm outbox --cancel/,
  );
  refused(await there.operator('list', 'key', 'linux-distros'), /frozen until people have confirmed/);
  assert.equal((await there.operator('restore', 'confirm', 'outbox')).code, 2);
  assert.equal(there.sink.mails().length, 0);
  await there.order('restore', 'confirm', 'roster');
  await there.order('restore', 'confirm', 'purges');
  await there.order('restore', 'confirm', 'outbox', '--cancel');
  // The notice of the restore, and the report, each to two readers.
  await there.sink.taken(4);
  const [notice] = there.sink.mails().filter(({ raw }) => /^Subject: linux-distros notice/m.test(raw));
  const opened = await here.gpg.decrypt(notice?.raw.slice(notice.raw.indexOf('-----BEGIN')) ?? '');
  assert.match(Buffer.from(opened.stdout).toString(), /restored from a backup[\s\S]*alice@alice\.example/);
});

test(
  'a reply to a case of before is filed there, and the journal of both lives verifies',
  limit,
  async () => {
    const before = await numbers(there);
    assert.ok(before.includes(oldCase));
    const address = `linux-distros+${oldCase.toLowerCase()}@lists.example.org`;
    const sent = there.sink.mails().length;
    assert.match(
      await there.send('rita@researcher.example', address, mailOf('reply', address, 'Re: first')),
      /^250 /,
    );
    await there.sink.taken(sent + 2);
    assert.match(there.sink.mails().at(-1)?.raw ?? '', new RegExp(`Subject: ${oldCase} reply`));
    assert.deepEqual(await numbers(there), before);
    assert.match(await there.order('journal', 'verify'), /verifies/);
  },
);
