import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { importArchive } from '../../src/run/archive/import-archive.ts';
import { sharedFolder, sharedIsHere } from '../run/program.ts';
import { type ArchiveSite, archiveSite } from '../stand-ins/archive-site.ts';
import { postingMail } from '../stand-ins/postings.ts';

/** An old archive comes in, from files of several kinds, and is read as what was posted here. */
let site: ArchiveSite;
let folder: string;
const corpus = join(sharedFolder, 'corpus/kernel-hardening-1500.mbox.gz');

before(async () => {
  site = await archiveSite();
  folder = await mkdtemp(join(tmpdir(), 'archive-'));
});
after(async () => {
  await site.close();
  await rm(folder, { recursive: true, force: true });
});

const bring = async (path: string, list = site.list) =>
  importArchive({ list, path, access: site.keeperAccess, progress: () => undefined });

const mail = (id: string, day: number) =>
  postingMail({ id, subject: `about ${id}`, header: [`Date: ${day} Aug 2020 10:00:00 +0000`] }).toString();
const entry = (id: string, day: number) => `From mboxrd@z Mon Aug ${day} 10:00:00 2020\n${mail(id, day)}\n`;

test('a mailbox file, compressed or not, and a Maildir: each posting once, at the time its header says', async () => {
  const file = join(folder, 'old.mbox');
  await writeFile(file, entry('a@x.example', 3) + entry('b@x.example', 4));
  await writeFile(`${file}.gz`, gzipSync(entry('b@x.example', 4) + entry('c@x.example', 5)));
  const maildir = join(folder, 'maildir');
  await mkdir(join(maildir, 'cur'), { recursive: true });
  await writeFile(join(maildir, 'cur', '1.host:2,S'), mail('d@x.example', 6));
  const counts = [];
  for (const path of [file, `${file}.gz`, maildir]) counts.push((await bring(path)).kind === 'done');
  assert.deepEqual(counts, [true, true, true]);
  const lines = await site.reader.newest(site.list, 10);
  assert.deepEqual(
    lines.map(({ id, day }) => `${id} ${day}`),
    [
      '<d@x.example> 2020-08-06',
      '<c@x.example> 2020-08-05',
      '<b@x.example> 2020-08-04',
      '<a@x.example> 2020-08-03',
    ],
  );
});

test('what cannot be taken is named, and keeps nothing else out', async () => {
  const file = join(folder, 'odd.mbox');
  const odd = `From mboxrd@z Mon Aug 3 10:00:00 2020\n\nFrom mboxrd@z Mon Aug 3 10:00:00 2020\n`;
  await writeFile(file, `${entry('e@x.example', 7)}${odd}${mail('f@x.example', 8)}`);
  const answer = await bring(file);
  assert.ok(answer.kind === 'done');
  assert.deepEqual(answer.data, {
    list: site.list,
    added: 2,
    renamed: 0,
    known: 0,
    notTaken: [`the mail at byte ${entry('e@x.example', 7).length}: empty`],
  });
});

test('a compressed file that is cut off ends the import in words, and what came before is kept', async () => {
  const file = join(folder, 'cut.gz');
  const whole = gzipSync(
    Array.from({ length: 300 }, (_, at) => entry(`g${at}@x.example`, 1 + (at % 28))).join(''),
  );
  await writeFile(file, whole.subarray(0, whole.length - 20));
  await assert.rejects(bring(file), { code: 'Z_BUF_ERROR' });
  assert.ok(((await site.reader.state(site.list))?.postings ?? 0) > 100);
  await writeFile(file, whole);
  assert.equal((await bring(file)).kind, 'done');
});

test('given again it takes nothing, and says so', async () => {
  const answer = await bring(join(folder, 'old.mbox'));
  assert.ok(answer.kind === 'done');
  assert.deepEqual(answer.data, { list: site.list, added: 0, renamed: 0, known: 2, notTaken: [] });
});

test('a list that there is not, and a path that is no mail, are refused in words', async () => {
  assert.match(
    JSON.stringify(await bring(join(folder, 'old.mbox'), 'nolist')),
    /There is no public list nolist; there is oss-security/,
  );
  assert.match(JSON.stringify(await bring(folder)), /neither a mailbox file/);
  await assert.rejects(bring(join(folder, 'nothing')), { code: 'ENOENT' });
});

const skip = sharedIsHere() ? false : 'there is no ../shared corpus beside this clone';

test('1,500 postings of a real list come in whole: 1,497, and three that came to the archive twice', {
  skip,
  timeout: 120_000,
}, async () => {
  const answer = await bring(corpus);
  assert.ok(answer.kind === 'done');
  assert.deepEqual(answer.data, { list: site.list, added: 1_497, renamed: 0, known: 3, notTaken: [] });
  const [longest] = (await site.reader.threads(site.list, 500)).toSorted(
    (left, right) => right.postings - left.postings,
  );
  assert.equal(longest?.postings, 219);
  assert.equal((await site.get(`/oss-security/?q=landlock`)).status, 200);
});
