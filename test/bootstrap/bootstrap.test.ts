/** `bin/embargod` in a clone of its own: real npm, with a lock file that names no packages, so no network. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const limit = { timeout: 60_000 };
const bin = fileURLToPath(new URL('../../bin', import.meta.url));

/** Says what it was given, that it runs, and each signal; ends at the end of its standard input. */
const program = `
  for (const name of ['SIGINT', 'SIGHUP']) process.on(name, () => process.stdout.write(name + '\\n'));
  if (process.argv[2] === 'stay') {
    process.stdout.write('runs\\n');
    process.stdin.resume();
    await new Promise((resolve) => process.stdin.once('end', resolve));
  }
  const variables = Object.keys(process.env).filter((name) => /^(NODE|npm)_/.test(name));
  process.stdout.write(JSON.stringify({ args: process.argv.slice(2), variables, flags: process.execArgv }));
  process.exitCode = 7;
`;

async function clone(context: TestContext): Promise<string> {
  const top = await mkdtemp(join(tmpdir(), 'embargod-clone-'));
  context.after(() => rm(top, { recursive: true, force: true }));
  await cp(bin, join(top, 'bin'), { recursive: true });
  await mkdir(join(top, 'src/run'), { recursive: true });
  await writeFile(join(top, 'src/run/main.ts'), program);
  await writeFile(
    join(top, 'package.json'),
    JSON.stringify({ name: 'clone', version: '1.0.0', type: 'module' }),
  );
  await lockFile(top, '1.0.0');
  return top;
}

function loadStripped(top: string): string {
  return `--import=${pathToFileURL(join(top, 'bin/load-stripped.mjs'))}`;
}

function lockFile(top: string, version: string): Promise<void> {
  return writeLock(top, {}, version);
}

function writeLock(top: string, named: Readonly<Record<string, object>>, version = '1.0.0'): Promise<void> {
  const packages = { '': { name: 'clone', version }, ...named };
  const lock = { name: 'clone', version, lockfileVersion: 3, requires: true, packages };
  return writeFile(join(top, 'package-lock.json'), JSON.stringify(lock));
}

function start(top: string, ...args: string[]): ChildProcess {
  const environment = { ...process.env, NODE_OPTIONS: '--no-warnings', npm_config_canary: 'x', HOME: top };
  return spawn(process.execPath, [join(top, 'bin/embargod'), ...args], { env: environment, stdio: 'pipe' });
}

async function finished(child: ChildProcess) {
  assert.ok(child.stdout && child.stderr);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { stdout, stderr, code };
}

test(
  'a fresh clone installs, saying so on stderr, then runs the program with a clean environment',
  limit,
  async (context) => {
    const top = await clone(context);
    const first = await finished(start(top, 'list', '--json'));
    assert.match(first.stderr, /^embargod: installing Node 24 and 0 packages/);
    assert.match(first.stderr, /installed in \d+ s/);
    assert.deepEqual(JSON.parse(first.stdout), {
      args: ['list', '--json'],
      variables: [],
      flags: ['--disable-sigusr1', loadStripped(top)],
    });
    assert.equal(first.code, 7);
    const second = await finished(start(top, 'list'));
    assert.equal(second.stderr, '');
  },
);

test('an install without what only tests need serves the command line as it is', limit, async (context) => {
  const top = await clone(context);
  const integrity = 'sha512-none';
  const library = { version: '1.0.0', integrity };
  const testTool = { version: '1.0.0', integrity, dev: true };
  const elsewhere = { version: '1.0.0', integrity, optional: true, os: ['plan9'] };
  const installed = { 'node_modules/library': library };
  await writeLock(top, { ...installed, 'node_modules/tool': testTool, 'node_modules/other': elsewhere });
  await mkdir(join(top, 'node_modules'));
  await writeFile(join(top, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  const { stderr, code } = await finished(start(top, 'list'));
  assert.equal(stderr, '');
  assert.equal(code, 7);
});

test(
  'of two starts at once in a fresh clone one installs and the other waits for it',
  limit,
  async (context) => {
    const top = await clone(context);
    const both = await Promise.all([finished(start(top)), finished(start(top))]);
    assert.deepEqual(
      both.map(({ code }) => code),
      [7, 7],
    );
    assert.equal(both.filter(({ stderr }) => stderr.includes('installing Node 24')).length, 1);
    assert.equal(both.filter(({ stderr }) => /process \d+ is installing .* waiting/.test(stderr)).length, 1);
  },
);

/** `src/run/main.ts` and what is kept of it. */
async function strippedIn(top: string): Promise<readonly string[]> {
  return (await readdir(join(top, '.embargod/stripped'))).map((name) =>
    join(top, '.embargod/stripped', name),
  );
}

test(
  'sources lose their types once; what is kept of an older text is never loaded',
  limit,
  async (context) => {
    const top = await clone(context);
    const main = join(top, 'src/run/main.ts');
    const says = async () => (await finished(start(top))).stdout;
    await writeFile(main, `const word: string = 'first';\nprocess.stdout.write(word);\n`);
    assert.equal(await says(), 'first');
    const [kept = assert.fail('nothing is kept'), ...more] = await strippedIn(top);
    assert.deepEqual(more, []);
    assert.doesNotMatch(await readFile(kept, 'utf8'), /: string/);
    assert.equal((await stat(kept)).mode & 0o777, 0o644, 'processes with users of their own read it');
    assert.equal((await stat(dirname(kept))).mode & 0o777, 0o755);
    await writeFile(kept, `process.stdout.write('kept');\n`);
    assert.equal(await says(), 'kept', 'it is what is loaded');
    await writeFile(main, `const word: string = 'second';\nprocess.stdout.write(word);\n`);
    assert.equal(await says(), 'second');
    assert.equal((await strippedIn(top)).includes(kept), false, 'and the old one has gone');
  },
);

test(
  'without what is kept, or with a part of it torn off by a power cut, a program runs as ever',
  limit,
  async (context) => {
    const top = await clone(context);
    const main = join(top, 'src/run/main.ts');
    await writeFile(main, `const word: string = 'here';\nprocess.stdout.write(word);\n`);
    const directly = async () => {
      const child = spawn(process.execPath, [loadStripped(top), main], { stdio: 'pipe' });
      return (await finished(child)).stdout;
    };
    assert.equal(await directly(), 'here');
    assert.equal((await finished(start(top))).stdout, 'here');
    for (const kept of await strippedIn(top)) await writeFile(kept, '');
    assert.equal(await directly(), 'here');
  },
);

test('a lock whose holder is gone is taken over', limit, async (context) => {
  const top = await clone(context);
  const gone = spawn('/bin/true');
  await once(gone, 'exit');
  await mkdir(join(top, '.embargod'));
  await writeFile(join(top, '.embargod/install.lock'), `${gone.pid} 12345`);
  assert.equal((await finished(start(top))).code, 7);
  await assert.rejects(access(join(top, '.embargod/install.lock')));
});

test('nothing is installed under a running server, and it says which one to stop', limit, async (context) => {
  const top = await clone(context);
  const running = start(top, 'stay');
  const ended = finished(running);
  assert.ok(running.stdout);
  await once(running.stdout, 'data');
  await lockFile(top, '1.0.1');
  const refused = await finished(start(top, 'list'));
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /running from this clone:\n +\d+ +.*main\.ts stay\nStop it first/);
  assert.equal(refused.stdout, '');
  running.stdin?.end();
  assert.equal((await ended).code, 7);
  assert.equal((await finished(start(top, 'list'))).code, 7);
});

test(
  'an interrupt that comes twice, as from a terminal and from npm, reaches the program once',
  limit,
  async (context) => {
    const top = await clone(context);
    const running = start(top, 'stay');
    const ended = finished(running);
    assert.ok(running.stdout);
    await once(running.stdout, 'data');
    running.kill('SIGINT');
    await once(running.stdout, 'data');
    running.kill('SIGINT');
    // A barrier: signals are passed on in order, so that a second interrupt would come before this one.
    running.kill('SIGHUP');
    await once(running.stdout, 'data');
    running.stdin?.end();
    const { stdout, code } = await ended;
    assert.deepEqual(stdout.split('\n').slice(0, -1), ['runs', 'SIGINT', 'SIGHUP']);
    assert.equal(code, 7);
  },
);
