import assert from 'node:assert/strict';
import { test } from 'node:test';
import { htmlToText } from './html-to-text.ts';

test('HTML becomes text: tags, styles and scripts go, entities and links stay readable', async () => {
  const html =
    '<html><head><style>p{color:red}</style></head><body><p>Heap &amp; <b>stack</b> &copy;</p>' +
    '<script>alert(1)</script><a href="https://example.org/x">advisory</a></body></html>';
  const text = await htmlToText(html);
  assert.match(text, /Heap & stack ©/);
  assert.match(text, /https:\/\/example\.org\/x/);
  assert.doesNotMatch(text, /alert|color|</);
});

test('no HTML makes it throw, and a flood of unclosed tags ends', async () => {
  for (const html of [
    '',
    '<',
    '<a '.repeat(200_000),
    '<!--'.repeat(100_000),
    '&#x110000;&#xd800;',
    '\u0000',
  ]) {
    assert.equal(typeof (await htmlToText(html)), 'string');
  }
});

test('text that looks like a boundary of ours stays inside the HTML', async () => {
  assert.match(await htmlToText('<p>a</p>\r\n--embargod-html\r\n<p>b</p>'), /a[\s\S]*embargod-html[\s\S]*b/);
});
