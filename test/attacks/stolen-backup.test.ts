import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { makeCanary, manyTimes } from '../stand-ins/canary.ts';
import { address } from '../stand-ins/community.ts';
import { listDomain } from '../stand-ins/running-list.ts';
import { type Story, startStory } from '../stand-ins/story.ts';
import { backUpStory } from '../stand-ins/story-backup.ts';

/** Attack: a backup is stolen. It says what the clear columns say, and holds no key (K3, K6, I2). */
const secret = makeCanary();
let story: Story;
/** The file as it unpacks, and every value of bytes in it. */
let text: Buffer;
let values: Buffer;

before(async () => {
  story = await startStory();
  const alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  const letter = {
    from: 'Rita <rita@researcher.example>',
    to: `linux-distros@${listDomain}`,
    body: manyTimes(secret),
  };
  await story.tell({ ...letter, subject: `[vs] ${secret.word}`, seal: 'linux-distros' });
  await story.tell({ ...letter, from: 'R <r@held.example>', subject: `${secret.word} is held` });
  await story.post({ ...letter, from: 'R <r@waits.example>', subject: `[vs] ${secret.word} waits` });
  text = gunzipSync(await readFile((await backUpStory(story, 'stolen.backup')).file));
  const found = [...text.toString().matchAll(/"\\\\x([0-9a-f]*)"/g)].map(([, hex = '']) =>
    Buffer.from(hex, 'hex'),
  );
  values = Buffer.concat(found.flatMap((value) => [value, Buffer.from('\n')]));
});
after(() => story.close());

test('no word of any mail is in it, in any dress', () => {
  assert.deepEqual(secret.findIn(text), []);
  assert.deepEqual(secret.findIn(values), []);
});

test('no key is in it, and nothing of the keyholder’s memory beside the database', async () => {
  const directory = join(story.directory, 'keyholder');
  const names = await readdir(directory, { recursive: true });
  const keys = names.filter((name) => name.endsWith('.key'));
  assert.ok(keys.length >= 5, keys.join());
  for (const name of keys) {
    const { data } = JSON.parse(await readFile(join(directory, name), 'utf8'));
    const bytes = Buffer.from(data, 'base64');
    for (const dress of [bytes, Buffer.from(data), Buffer.from(bytes.toString('hex'))]) {
      assert.ok(!text.includes(dress) && !values.includes(dress), name);
    }
  }
});

test('the search would have found it', () => {
  assert.ok(text.includes('linux-distros') && values.includes('BEGIN PGP MESSAGE'));
  const planted = makeCanary();
  assert.deepEqual(planted.findIn(Buffer.concat([values, Buffer.from(planted.word)])), ['as it is']);
});
