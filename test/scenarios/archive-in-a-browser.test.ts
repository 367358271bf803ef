import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type ArchiveSite, archiveSite } from '../stand-ins/archive-site.ts';
import { complaintsOfAxe, startBrowser } from '../stand-ins/browser.ts';

/** The archive in a real browser: read, searched, on a phone, in the dark, with keys, without a script, by everybody. */
let site: ArchiveSite;
let browser: Browser;

const prose = `This is prose that a mail program has wrapped where its window ended, at
seventy-two columns, as they all do.

- a list
- keeps its lines
`;
const patch =
  'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new, and a line that is longer than phones are';

before(async () => {
  [site, browser] = await Promise.all([archiveSite(), startBrowser()]);
  const subject = 'CVE-2026-1234: libfoo overflow';
  await site.post('2026-08-24T10:00:00Z', { id: 'a@x.example', subject, text: prose });
  await site.post('2026-08-24T11:00:00Z', {
    id: 'b@x.example',
    from: '=?utf-8?B?15PXldeT?= <dod@x.example>',
    subject: `Re: ${subject}`,
    answers: ['a@x.example'],
    text: `${'> quoted\n'.repeat(20)}\n${patch}`,
  });
  await site.post('2026-08-25T11:00:00Z', {
    id: 'c@x.example',
    subject: `Re: ${'a-very-long-word-without-any-space-'.repeat(12)}`,
    answers: ['lost@x.example', 'b@x.example'],
    header: ['Content-Type: multipart/mixed; boundary=b'],
    text: `--b\n\nSee it.\n--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename="a-fix.c"\n\nint x;\n--b--`,
  });
  await site.post('2026-09-01T10:00:00Z', { id: 'd@x.example', subject: 'another thread' });
});
after(async () => {
  await browser.close();
  await site.close();
});

const kinds = {
  front: '/oss-security/',
  posting: '/oss-security/b@x.example/',
  attachment: '/oss-security/c@x.example/',
  flat: '/oss-security/a@x.example/T/',
  nested: '/oss-security/a@x.example/t/',
  author: '/oss-security/a@x.example/author/',
  day: '/oss-security/2026/08/24/',
  month: '/oss-security/2026/08/',
  year: '/oss-security/2026/',
  'empty month': '/oss-security/2025/08/',
  search: '/oss-security/?q=libfoo',
  'search without result': '/oss-security/?q=nothing+of+this',
  'CVE id': '/cve/CVE-2026-1234/',
  'unknown CVE id': '/cve/CVE-2026-9999/',
  'not found': '/oss-security/no@where.example/',
  home: '/',
};

/** A page for a test; whatever the browser complains about, such as a breach of the policy, fails it. */
async function withPage(
  options: BrowserContextOptions,
  doing: (page: Page, visit: (path: string) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await doing(page, (path) => page.goto(site.url + path));
  await context.close();
  assert.deepEqual(
    complaints.filter((text) => !text.includes('404')),
    [],
  );
}

const here = (page: Page) => new URL(page.url()).pathname;
const focused = (page: Page) => page.evaluate<string>('document.activeElement.textContent');

const styleOf = (selector: string) => `getComputedStyle(document.querySelector('${selector}')).whiteSpace`;

const settings = {
  'wide and light': { viewport: { width: 1280, height: 800 } },
  'wide and dark': { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  // WCAG 2.2 §1.4.10: 320 CSS pixels wide, and nothing scrolls sideways.
  'on the smallest phone': { viewport: { width: 320, height: 640 }, isMobile: true },
} as const;

for (const [what, options] of Object.entries(settings))
  test(`axe has nothing against any kind of page, ${what}, and none is wider than its window`, () =>
    withPage(options, async (page, visit) => {
      for (const [kind, path] of Object.entries(kinds)) {
        await visit(path);
        assert.deepEqual(await complaintsOfAxe(page), [], kind);
        const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        assert.ok(over <= 0, `${kind} is ${over} pixels wider than the window`);
      }
    }));

test('somebody reads: from the front to a thread, its answer, the whole of it, the day and the author', () =>
  withPage({}, async (page, visit) => {
    await visit('/oss-security/');
    await page.getByRole('link', { name: 'CVE-2026-1234' }).click();
    assert.equal(
      await page.getByRole('heading', { level: 1 }).textContent(),
      'CVE-2026-1234: libfoo overflow',
    );
    await page.getByRole('link', { name: 'next →' }).click();
    assert.equal(here(page), '/oss-security/b@x.example/');
    await page.getByRole('link', { name: 'thread (3)' }).click();
    assert.equal(await page.getByRole('article').count(), 3);
    await page.getByRole('link', { name: 'nested' }).click();
    await page.getByRole('link', { name: '24', exact: true }).click();
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), '24 August 2026');
    await page.getByRole('link', { name: 'CVE-2026-1234' }).first().click();
    await page.getByRole('link', { name: 'Ann' }).first().click();
    assert.equal(await page.getByRole('link', { name: 'another thread' }).count(), 1);
  }));

test('keys: j and k go from line to line, / searches, u goes up to the thread, ? says so', () =>
  withPage({}, async (page, visit) => {
    await visit('/oss-security/');
    await page.keyboard.press('j');
    assert.equal(await focused(page), 'another thread');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    assert.equal(await focused(page), 'another thread');
    await page.keyboard.press('?');
    assert.ok(await page.getByText('Turn these keys off').isVisible());
    await page.keyboard.press('/');
    await page.keyboard.type('subject:libfoo');
    assert.equal(await page.getByRole('searchbox').inputValue(), 'subject:libfoo');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=subject/);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/b@x\.example/);
    await page.keyboard.press('k');
    await page.waitForURL(/a@x\.example/);
    await page.keyboard.press('u');
    await page.waitForURL(/T\/$/);
  }));

test('keys that are turned off stay off (WCAG 2.2 §2.1.4)', () =>
  withPage({}, async (page, visit) => {
    await visit('/oss-security/');
    await page.getByText('Keys', { exact: true }).click();
    await page.getByRole('button', { name: 'Turn these keys off' }).click();
    await visit('/oss-security/2026/');
    await page.keyboard.press('j');
    assert.equal(await page.evaluate('document.activeElement.tagName'), 'BODY');
  }));

test('without a script all of it works but the keys, which nobody is told of', () =>
  withPage({ javaScriptEnabled: false }, async (page, visit) => {
    await visit('/oss-security/');
    assert.equal(await page.getByText('Keys', { exact: true }).isVisible(), false);
    await page.getByRole('searchbox').fill('cve:2026-1234 has:patch');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.locator('.lines a').first().click();
    await page.getByText('20 quoted lines').click();
    assert.ok(await page.getByText('> quoted').first().isVisible());
  }));

test('on a phone prose is wrapped anew and a patch keeps its lines', () =>
  withPage({ viewport: { width: 375, height: 740 }, isMobile: true }, async (page, visit) => {
    await visit('/oss-security/a@x.example/');
    const breaks = page.locator('pre.text i');
    assert.equal(await breaks.count(), 1);
    assert.equal(await page.evaluate(styleOf('pre.text i')), 'normal');
    await visit('/oss-security/b@x.example/');
    assert.equal(await page.evaluate(styleOf('pre.patch')), 'pre');
  }));
