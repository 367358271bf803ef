import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ArchiveSite, archiveSite } from '../stand-ins/archive-site.ts';

/**
 * Attack: one posting that the database cannot hold, or whose page cannot be made: every import would end at it, and the
 * archive of a list stand still.
 */
let site: ArchiveSite;
before(async () => {
  site = await archiveSite();
});
after(() => site.close());

const words = (count: number, make: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => make(at)).join(' ');

test('a million bytes of words, each another, in letters of three bytes', async () => {
  const text = words(12_000, (at) => '語'.repeat(56) + at);
  assert.equal((await site.post('2026-08-24T10:00:00Z', { id: 'words@x.example', text }))?.kind, 'added');
  assert.equal((await site.get('/oss-security/words@x.example/')).status, 200);
});

test('ids and references as long as ids may be, in letters of three bytes', async () => {
  const long = (at: number) => `${'語'.repeat(300)}${at}@x.example`;
  const longer = `${'語'.repeat(900)}@x.example`;
  const answers = [...Array.from({ length: 150 }, (_, at) => long(at)), longer];
  const taken = await site.post('2026-08-24T10:00:00Z', { id: longer, answers });
  assert.match(taken?.id ?? '', /no-message-id\.invalid/);
});

test('more CVE ids than a statement has parameters', async () => {
  const part = (from: number) =>
    `--b\n\n${words(1_000, (at) => `CVE-2026-${100_000 + from * 1_000 + at}`)}\n`;
  const text = `${Array.from({ length: 30 }, (_, at) => part(at)).join('')}--b--`;
  const header = ['Content-Type: multipart/mixed; boundary=b'];
  assert.equal(
    (await site.post('2026-08-24T10:00:00Z', { id: 'cves@x.example', header, text }))?.kind,
    'added',
  );
  assert.match(await site.text('/cve/CVE-2026-100000/'), /1 posting/);
});

test('a file’s name that is cut within a letter', async () => {
  const name = `${'a'.repeat(99)}𠀀.bin`;
  const header = [`Content-Type: application/octet-stream; name*=utf-8''${encodeURIComponent(name)}`];
  await site.post('2026-08-24T10:00:00Z', { id: 'name@x.example', header });
  for (const path of ['', 'T/', 't/'])
    assert.equal((await site.get(`/oss-security/name@x.example/${path}`)).status, 200);
});
