import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ArchiveSite, archiveSite } from '../stand-ins/archive-site.ts';

/**
 * Attack: a posting whose every part tries to become markup in the archive: subject, name, address, ids, text, file names,
 * charsets, HTML, encoded words. Nothing that a stranger wrote may be a tag, an attribute or an address of another kind.
 */
let site: ArchiveSite;
const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`;
const inWords = `=?utf-8?B?${Buffer.from(evil).toString('base64')}?=`;

before(async () => {
  site = await archiveSite();
});
after(() => site.close());

/** Every tag, with its attributes, of a page. */
const tags = (page: string) => page.match(/<[a-z][^>]*>/gi) ?? [];

/** The one script that is ours, as the frame has it. */
const ours = '<script src="/keys.js" defer></script>';

function assertHarmless(whole: string, what: string): void {
  const page = whole.replace(ours, '');
  assert.doesNotMatch(page, /<(script|img|iframe|object|embed|svg|style|base|meta http)/i, what);
  for (const tag of tags(page)) {
    assert.doesNotMatch(tag.replace(/"[^"]*"/g, '""'), /\son\w+\s*=|'/i, `${what}: ${tag}`);
    assert.doesNotMatch(tag, /(href|src|action)="(?!\/|https?:\/\/|mailto:\?|#)/i, `${what}: ${tag}`);
  }
}

const mails = {
  subject: { subject: `${evil} ${inWords}` },
  author: { from: `${inWords} <a"onclick=alert(1)@x.example>` },
  text: {
    text: [
      evil,
      `> ${evil}`,
      'javascript:alert(1) data:text/html,x',
      `https://x.example/${evil}`,
      `http://x.example/"onclick="alert(1)`,
      'https://x.example/\u202egpj.exe',
      `CVE-2026-1234"><script>alert(1)</script>`,
      'diff --git a/x b/x',
      `+++ ${evil}`,
      `@@ ${evil}`,
      `-----BEGIN PGP SIGNATURE-----`,
      evil,
      `-- `,
      evil,
    ].join('\n'),
  },
  html: {
    header: ['Content-Type: text/html; charset=utf-8'],
    text: `<p>hello ${evil}</p><style>*{}</style>`,
  },
  charset: {
    header: ['Content-Type: text/plain; charset=utf-7'],
    text: '+ADw-script+AD4-alert(1)+ADw-/script+AD4-',
  },
  file: {
    header: ['Content-Type: multipart/mixed; boundary=b'],
    text: `--b\nContent-Type: text/html; name="${evil.replaceAll('"', '')}.html"\nContent-Disposition: attachment; filename="../../${evil.replaceAll('"', '')}.html"\n\n${evil}\n--b--`,
  },
} as const;

for (const [what, mail] of Object.entries(mails))
  test(`no markup comes through the ${what}, on no page`, async () => {
    const id = `${what}@x.example`;
    await site.post('2026-08-24T10:00:00Z', { id, ...mail });
    const paths = [
      `/oss-security/${id}/`,
      `/oss-security/${id}/T/`,
      `/oss-security/${id}/t/`,
      `/oss-security/${id}/author/`,
      '/oss-security/',
      '/oss-security/2026/08/',
      '/oss-security/?q=alert',
    ];
    for (const path of paths) assertHarmless(await site.text(path), `${what} on ${path}`);
    const feed = await site.text('/oss-security/new.atom');
    assert.doesNotMatch(feed, /<(script|img|p)[\s>]/i);
  });

test('an id that is markup is an address like any other', async () => {
  const id = `x"'%2f..&amp;x@x.example`;
  const taken = await site.post('2026-08-24T10:00:00Z', { id });
  const front = await site.text('/oss-security/2026/08/24/');
  assertHarmless(front, 'id');
  const path = `/oss-security/${encodeURIComponent((taken?.id ?? '').slice(1, -1))}/`;
  assert.equal((await site.get(path)).status, 200);
});

test('a search is shown as it was typed, and is no markup', async () => {
  assertHarmless(await site.text(`/oss-security/?q=${encodeURIComponent(evil)}`), 'search');
  assert.doesNotMatch(
    await site.text(`/oss-security/new.atom?q=${encodeURIComponent(evil)}`),
    /<(script|img)/,
  );
});

test('an HTML attachment is saved, not shown, and could do nothing if it were', async () => {
  const page = await site.text('/oss-security/file@x.example/');
  const [, path = ''] = /href="(\/oss-security\/file@x\.example\/\d-[^"]+)"/.exec(page) ?? [];
  const file = await site.get(path);
  assert.equal(file.status, 200);
  assert.equal(file.headers.get('content-type'), 'application/octet-stream');
  assert.equal(file.headers.get('content-disposition'), 'attachment');
  assert.match(file.headers.get('content-security-policy') ?? '', /^default-src 'none';(?!.*script-src)/);
  assert.equal(file.headers.get('x-content-type-options'), 'nosniff');
});
