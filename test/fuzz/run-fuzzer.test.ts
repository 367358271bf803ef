import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Fuzzer, lineJoints } from './fuzzer.ts';
import { sealed, startHonestChild } from './honest-child.ts';
import { runFuzzer } from './run-fuzzer.ts';

/** A reader with a fault that only a word of its format brings out. */
function faultyReader(): Fuzzer & Readonly<{ tried: string[] }> {
  const tried: string[] = [];
  return {
    name: 'faulty',
    largest: 10_000,
    atOnce: 1,
    dictionary: ['Bcc: ', 'Cc: '],
    joints: lineJoints,
    tried,
    start: async () => ({
      check: async (input) => {
        const text = Buffer.from(input).toString('latin1');
        tried.push(text);
        assert.ok(!/Bcc: .*To: /s.test(text), 'Bcc before To');
      },
      stop: async () => undefined,
    }),
  };
}

async function folder(context: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'fuzz-'));
  context.after(() => rm(made, { recursive: true, force: true }));
  await mkdir(join(made, 'faulty'));
  await writeFile(join(made, 'faulty', 'usual'), 'From: a\r\nTo: b\r\nSubject: c\r\n\r\nbody\r\n'.repeat(5));
  return made;
}

test('a planted fault is found, shrunk to what it needs, kept, and made again by its seed', async (context) => {
  const corpus = await folder(context);
  const found = await runFuzzer({
    fuzzer: faultyReader(),
    seed: 1,
    goOn: (tried) => tried < 5_000,
    folder: corpus,
  });
  assert.ok(found.kind === 'broken' && found.seed !== undefined);
  assert.equal(Buffer.from(found.shrunk).toString(), 'Bcc: To: ');
  assert.deepEqual(Uint8Array.from(await readFile(found.file)), found.shrunk);
  await rm(found.file);
  const again = await runFuzzer({
    fuzzer: faultyReader(),
    seed: found.seed,
    goOn: (tried) => tried < 2,
    folder: corpus,
  });
  assert.ok(again.kind === 'broken' && again.seed === found.seed);
});

test('what was found once is tried first for ever, as it stands', async (context) => {
  const corpus = await folder(context);
  await writeFile(join(corpus, 'faulty', 'found-before'), 'Bcc: To: ');
  const result = await runFuzzer({ fuzzer: faultyReader(), seed: 1, goOn: () => false, folder: corpus });
  assert.ok(result.kind === 'broken' && result.seed === undefined);
  assert.equal(result.file, join(corpus, 'faulty', 'found-before'));
  assert.equal((await readdir(join(corpus, 'faulty'))).length, 2, 'it is not kept twice');
});

test('one seed means one series of inputs, no two of which are all alike', async (context) => {
  const corpus = await folder(context);
  const series = async (seed: number) => {
    const fuzzer = { ...faultyReader(), dictionary: ['Cc: '] };
    await runFuzzer({ fuzzer, seed, goOn: (tried) => tried < 200, folder: corpus });
    return fuzzer.tried;
  };
  const [one, same, other] = [await series(7), await series(7), await series(1_000)];
  assert.deepEqual(one, same);
  assert.notDeepEqual(one, other);
  assert.ok(new Set(one).size > 150);
});

test('what the fuzzers seal, an honest child opens: they do not only try what is refused', async () => {
  const child = await startHonestChild();
  try {
    const inner = sealed(Buffer.from('Content-Type: text/plain\r\n\r\nwithin\r\n'));
    const opened = await child.open(
      sealed(Buffer.concat([Buffer.from('Content-Type: message/rfc822\r\n\r\n'), inner])),
    );
    assert.ok(!('kind' in opened));
    assert.equal(opened.encryption.kind, 'pgp-mime');
    assert.match(Buffer.from(opened.inner[0]?.bytes ?? []).toString(), /within/);
  } finally {
    await child.stop();
  }
});
