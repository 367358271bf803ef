import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Installation, makeInstallation } from '../stand-ins/installation.ts';
import type { Started } from '../stand-ins/real-server.ts';

/** A moderator at the command line of a real installation: looks, passes, refuses, with the server and without it. */
const limit = { timeout: 60_000 };
let here: Installation;
let server: Started | undefined;
const list = 'oss-security@lists.example.org';

before(async () => {
  here = await makeInstallation();
  await here.order('list', 'add', 'oss-security', '--preset', 'oss-security');
  server = await here.run();
}, limit);
after(async () => {
  await server?.stop();
  await here.close();
});

type Line = Readonly<{ id: string; subject: string; reasons: readonly string[] }>;

/** Waits until so many are held: public-keeper works by itself. */
async function held(count: number): Promise<readonly Line[]> {
  for (;;) {
    const lines = await here.ask('moderation', 'list', 'oss-security');
    if (Array.isArray(lines) && lines.length >= count) return lines;
  }
}

const mail = (id: string, subject: string, text: string) =>
  [
    `From: Ann <ann@a.example>`,
    `To: ${list}`,
    `Subject: ${subject}`,
    `Message-ID: <${id}>`,
    '',
    text,
    '',
  ].join('\r\n');

test('what waits is listed and shown, and nothing in it gives the terminal an order', limit, async () => {
  await here.send('ann@a.example', list, mail('a@a.example', 'libfoo', 'It overflows.\r\n\x1b]0;owned\x07'));
  const [first] = await held(1);
  assert.deepEqual(
    [first?.subject, first?.reasons],
    ['libfoo', ['author-not-vouched-for', 'first-of-its-author']],
  );
  assert.match(
    (await here.operator('doctor')).stdout,
    /^ok {4}moderation: 1 wait for a moderator, the oldest since 20/m,
  );
  const table = await here.order('moderation', 'list');
  assert.match(table, /^ID +LISTS +RECEIVED +SIZE +FROM +SUBJECT +REASONS\n.*Ann <ann@a\.example> +libfoo/);
  for (const whole of [[], ['--whole']]) {
    const shown = await here.order('moderation', 'show', first?.id ?? '', ...whole);
    assert.match(shown, /because it is the first posting of its author on this list\n[\s\S]*It overflows\./);
    assert.deepEqual([shown.includes('\x1b'), shown.includes('\x07')], [false, false]);
  }
});

test('pass posts it; refuse wants a reason, and says what it did', limit, async () => {
  const [first] = await held(1);
  assert.match(await here.order('moderation', 'pass', first?.id ?? ''), /It is posted to oss-security\./);
  const page = await fetch(`http://127.0.0.1:${here.sitePort}/oss-security/a@a.example/`);
  assert.match(await page.text(), /libfoo/);
  await here.send('ann@a.example', list, mail('b@a.example', 'Buy', 'Cheap.'));
  const [second] = await held(1);
  const bare = await here.operator('moderation', 'refuse', second?.id ?? '');
  assert.deepEqual([bare.code, bare.stdout], [2, '']);
  await here.order('moderation', 'refuse', second?.id ?? '', '--reason', 'Advertising.');
  assert.match(await here.order('moderation', 'list'), /Nothing waits for a moderator\./);
});

test('without a server a public-keeper starts for the command alone', limit, async () => {
  await here.send('ann@a.example', list, mail('c@a.example', '[vs] libbar', 'It overflows.'));
  const [third] = await held(1);
  await server?.stop();
  const plain = await here.operator('moderation', 'pass', third?.id ?? '');
  assert.equal(plain.code, 1);
  assert.match(plain.stderr, /starting a public-keeper for this command/);
  assert.match(plain.stderr, /^embargod: It may be private, .* --publish-anyway\.$/m);
  await here.order('moderation', 'pass', third?.id ?? '', '--publish-anyway');
});
