import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { demoMembers } from '../../src/run/demo/community.ts';
import { embargod, freePorts, openDirectory, type Started, startEmbargod } from '../stand-ins/real-server.ts';

/** `npm start`'s demo as processes: a report in, every mailbox filled, Ctrl-C, and the same again. */
const limit = { timeout: 60_000 };
let folder: Awaited<ReturnType<typeof openDirectory>>;
let data: string;
let demo: Started;
let pages: string;

/** Five ports in a row, as the demo wants them; a taken one is said in one sentence, and others are tried. */
async function start(): Promise<Started> {
  for (;;) {
    const [base = 0] = await freePorts(1);
    const started = startEmbargod(['demo', 'start', '--data', data, '--port-base', String(base)]);
    const { text } = await started.line(/Ctrl-C stops it|is taken by another program|must be a port/);
    if (text.includes('Ctrl-C')) return started;
    await started.ended;
  }
}

async function mailboxes(): Promise<string> {
  const found = demo.lines.find((line) => line.includes('Mailboxes (demo)'));
  return found?.match(/http:\S+/)?.[0] ?? '';
}

before(async () => {
  folder = await openDirectory();
  data = join(folder.path, 'demo');
  demo = await start();
  pages = await mailboxes();
}, limit);
after(async () => {
  await demo.stop();
  await folder.remove();
});

const text = async (path: string) => (await fetch(`${pages}${path}`)).text();

/** A mailbox's page once it shows a mail, each opened by gpg. */
async function firstMail(address: string, pattern: RegExp): Promise<string> {
  for (;;) {
    const page = await text(`mailbox/${encodeURIComponent(address)}`);
    if (pattern.test(page)) return page;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test(
  'a report reaches every member’s mailbox, opened with gpg, the list’s signature good',
  limit,
  async () => {
    const report = await embargod(['demo', 'report', '--data', data, '--text', 'canary-demo-5511', '--json']);
    assert.equal(report.code, 0, report.stderr);
    assert.match(JSON.parse(report.stdout).response, /^250 /);
    const readers = demoMembers
      .filter(({ list }) => list === 'linux-distros')
      .flatMap(({ people }) => people.map(({ address }) => address));
    assert.ok(readers.length >= 15);
    for (const reader of readers) {
      const page = await firstMail(reader, /sealed/);
      assert.doesNotMatch(page, /not opened|not good/, reader);
      assert.match(page, /sealed, signature good/, reader);
      const id = /href="\/(mailbox\/[^"/]+\/[^"/]+)"/.exec(page)?.[1] ?? '';
      assert.match(await text(id), /canary-demo-5511/, reader);
      assert.doesNotMatch(await text(`${id}/mail.eml`), /canary-demo-5511/, reader);
    }
  },
);

test(
  'Ctrl-C, which hits every process at once, stops it cleanly; a second start finds everything as it was',
  limit,
  async () => {
    const cases = await embargod(['case', 'list', '--data', data, '--json']);
    assert.equal(JSON.parse(cases.stdout).length, 1);
    const key = await embargod(['list', 'key', 'linux-distros', '--data', data]);
    const before = await fingerprintOfTree(join(data, 'demo', 'mailboxes'));
    const keys = await fingerprintOfTree(join(data, 'keyholder'));
    demo.signal('SIGINT', 'group');
    assert.equal(await demo.ended, 0);
    assert.match(demo.lines.at(-2) ?? '', /Stopped/);
    const trouble = demo.lines.filter((line) => /\bat file:|Error|starting again|"level":[56]0/.test(line));
    assert.deepEqual(trouble, []);
    demo = await start();
    pages = await mailboxes();
    assert.equal((await embargod(['case', 'list', '--data', data, '--json'])).stdout, cases.stdout);
    assert.equal((await embargod(['list', 'key', 'linux-distros', '--data', data])).stdout, key.stdout);
    assert.equal(await fingerprintOfTree(join(data, 'demo', 'mailboxes')), before);
    assert.equal(await fingerprintOfTree(join(data, 'keyholder')), keys);
  },
);

test('a second start of the same demo is refused while it runs', limit, async () => {
  const second = await embargod(['demo', 'start', '--data', data]);
  assert.equal(second.code, 1);
  assert.match(second.stderr, /^embargod: This demo runs already \(process \d+\)/m);
});

test(
  'a demo is one for ever: no relay but its sink, no other domain, and its keys in no production',
  limit,
  async () => {
    // As when its terminal's window is closed.
    demo.signal('SIGHUP', 'group');
    assert.equal(await demo.ended, 0);
    const file = join(data, 'embargod.toml');
    const toml = await readFile(file, 'utf8');
    const refusal = async (change: (text: string) => string) => {
      await writeFile(file, change(toml));
      const ran = await embargod(['run', '--data', data]);
      await writeFile(file, toml);
      assert.equal(ran.code, 1);
      assert.equal(ran.stdout, '');
      return ran.stderr;
    };
    const relay = await refusal((text) => text.replace(/^(address = )"127.0.0.1:\d+"/m, '$1"192.0.2.1:25"'));
    assert.match(relay, /relay\.address must be that of sink\.smtp in a demo/);
    const domain = await refusal((text) => text.replace(/^domain = .*/m, 'domain = "lists.debian.org"'));
    assert.match(domain, /domain must be a reserved domain in a demo/);
    const open = await refusal((text) => text.replace(/^listen = \["127.0.0.1:/m, 'listen = ["0.0.0.0:'));
    assert.match(open, /must stay on loopback/);
    const production = await refusal((text) =>
      text.replace(/^demo = true/m, 'demo = false').replace(/^\[sink\][\s\S]*/m, ''),
    );
    assert.match(production, /^embargod: keyholder did not start: The keys in .* were made for a demo\./m);
  },
);

/** Names and bytes of every file below; what changes by itself at each start is left out. */
async function fingerprintOfTree(root: string): Promise<string> {
  const hash = createHash('sha256');
  const names = (await readdir(root, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
  for (const path of names.map((one) => join(one.parentPath, one.name)).sort()) {
    if (path.endsWith('journal-head')) continue;
    hash.update(path).update(await readFile(path));
  }
  return hash.digest('hex');
}
