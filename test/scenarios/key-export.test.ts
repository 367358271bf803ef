import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Installation, makeInstallation } from '../stand-ins/installation.ts';
import type { Started } from '../stand-ins/real-server.ts';

/** The whole round with real processes and real gpg: exported here, opened by the custodian, imported in a clean root (K6). */
const list = 'linux-distros@lists.example.org';
let here: Installation;
let there: Installation;
const servers: Started[] = [];
let exported: string;
let opened: string;
/** What the list's key was before it was replaced. */
const keyBefore: string[] = [];

before(async () => {
  [here, there] = await Promise.all([makeInstallation(), makeInstallation()]);
  servers.push(await here.run());
  await found(here);
});
after(async () => {
  for (const server of servers) await server.stop();
  await Promise.all([here.close(), there.close()]);
});

test('an export is sealed, for its owner only, and overwrites nothing', async () => {
  exported = join(here.folder, 'keys.asc');
  const said = await here.order('key', 'export', '--output', exported);
  assert.match(
    said,
    /holds \d+ keys, sealed to alice@example\.org; the keyholder signed it with [0-9A-F]{40}/,
  );
  const again = await here.operator('key', 'export', '--output', exported);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /keys\.asc is there already; name a new file/);
  assert.match(await readFile(exported, 'utf8'), /^-----BEGIN PGP MESSAGE-----\n/);
});

test('where nobody can be asked, a theft is announced only with --yes', async () => {
  const ran = await here.operator('list', 'rotate-key', 'linux-distros', '--compromised');
  assert.equal(ran.code, 1);
  assert.match(ran.stderr, /Nothing was changed\. Where there is no terminal to ask on, say --yes/);
});

test('what is still sealed, what is no export, and what is cut short is not imported', async () => {
  assert.match(
    (await there.operator('key', 'import', exported)).stderr,
    /still sealed to the custodian: gpg --decrypt/,
  );
  opened = join(here.folder, 'opened.json');
  const clear = await here.gpg.decrypt(await readFile(exported));
  await writeFile(opened, clear.stdout, { mode: 0o600 });
  const cut = join(here.folder, 'cut.json');
  await writeFile(cut, clear.stdout.subarray(0, 2_000));
  assert.match(
    (await there.operator('key', 'import', cut)).stderr,
    /not what `embargod key export` sealed, or it is not all/,
  );
  const document = JSON.parse(Buffer.from(clear.stdout).toString());
  await writeFile(cut, JSON.stringify({ ...document, demo: true }));
  assert.match((await there.operator('key', 'import', cut)).stderr, /made for a demo/);
  const [first, ...rest] = document.keys;
  await writeFile(cut, JSON.stringify({ ...document, keys: [{ ...first, name: '../../escape' }, ...rest] }));
  assert.match((await there.operator('key', 'import', cut)).stderr, /not what `embargod key export` sealed/);
});

test('imported on standard input into a clean root, the keys lie there under its own passphrase', async () => {
  const ran = await pipe(opened, ['key', 'import', '--data', there.data]);
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /\d+ keys are in .* now, under its own protection: of linux-distros\./);
  const names = await readdir(join(there.data, 'keyholder', 'lists', 'linux-distros'));
  assert.ok(names.some((name) => name.startsWith('mail-')));
  for (const pin of ['statement', 'keyholder']) {
    assert.deepEqual(
      await readFile(join(there.data, 'pins', pin)),
      await readFile(join(here.data, 'pins', pin)),
    );
  }
});

test('a directory that is in use takes no keys, and neither does one whose server runs', async () => {
  assert.match(
    (await there.operator('key', 'import', opened)).stderr,
    /is in use: it holds the key lists\/linux-distros/,
  );
  servers.push(await there.run());
  assert.match(
    (await there.operator('key', 'import', opened)).stderr,
    /The server runs as process \d+\. Stop it first/,
  );
});

test('a list that is added with its name of before has its current key, and the one in its grace', async () => {
  await there.order('list', 'add', 'linux-distros', '--preset', 'linux-distros');
  const current = await here.order('list', 'key', 'linux-distros');
  assert.equal(await there.order('list', 'key', 'linux-distros'), current);
  assert.match(await there.order('list', 'show', 'linux-distros'), /[0-9A-F]{40}, opens mail until/);
  keyBefore.push(current);
});

test('reports that were encrypted to either key are opened there', async () => {
  const certificate = join(here.folder, 'alice@example.org.asc');
  await there.order('member', 'add', 'Example OS', '--list', 'linux-distros');
  await there.order('representative', 'add', 'Example OS', 'alice@example.org', '--certificate', certificate);
  for (const [count, key] of keyBefore.entries()) {
    const file = join(here.folder, 'list.asc');
    await writeFile(file, key);
    const inside = `Content-Type: text/plain\r\nSubject: [vs] libfoo\r\n\r\ncanary-${count}\r\n`;
    const sealed = await here.gpg.run(['--armor', '--recipient-file', file, '--encrypt'], inside);
    const fields = ['From: rita@researcher.example', `To: ${list}`, 'Subject: ...', '', ''].join('\r\n');
    const mail = `${fields}${Buffer.from(sealed.stdout).toString()}`;
    assert.match(await there.send('rita@researcher.example', list, mail), /^250/);
    await there.sink.taken(count + 1);
    const copy = there.sink.mails().at(-1)?.raw ?? '';
    const message = /-----BEGIN PGP MESSAGE-----[\s\S]*-----END PGP MESSAGE-----/.exec(copy)?.[0] ?? '';
    const read = await here.gpg.decrypt(message);
    assert.match(Buffer.from(read.stdout).toString(), new RegExp(`canary-${count}`));
  }
});

test('doctor says when the keys were last exported, or that they never were', async () => {
  const findings = await there.operator('doctor', '--json');
  assert.match(findings.stdout, /"check":"key export","state":"warn","says":"never/);
  assert.match(
    (await here.operator('doctor', '--json')).stdout,
    /"check":"key export","state":"ok","says":"last on 20/,
  );
});

/** One list, one member, one administrator, who is the custodian: in effect at once, as no list is in use. */
async function found(installation: Installation): Promise<void> {
  const certificate = await installation.person('Alice', 'alice@example.org');
  await installation.order('list', 'add', 'linux-distros', '--preset', 'linux-distros');
  await installation.order('member', 'add', 'Example OS', '--list', 'linux-distros');
  await installation.order(
    'representative',
    'add',
    'Example OS',
    'alice@example.org',
    '--certificate',
    certificate,
  );
  await installation.order('list', 'administrator', 'add', 'linux-distros', 'alice@example.org');
  await installation.order('key', 'custodian', 'alice@example.org');
  keyBefore.push(await installation.order('list', 'key', 'linux-distros'));
  await installation.order('list', 'rotate-key', 'linux-distros');
}

async function pipe(file: string, words: readonly string[]) {
  const main = fileURLToPath(new URL('../../src/run/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, ...words], { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  child.stdin.end(await readFile(file));
  const [code] = await once(child, 'close');
  return { code, ...said };
}
