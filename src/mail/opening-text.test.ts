import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openingText } from './entity-text.ts';
import { splitEntity } from './split-entity.ts';

/** A2: where commands may stand. What is no plain text, or not the mail's first part, is not read for them. */
function opening(...lines: readonly string[]): string | undefined {
  const split = splitEntity(new TextEncoder().encode(`${lines.join('\r\n')}\r\n`));
  assert.ok(split.kind === 'entity');
  return openingText(split.entity)?.text;
}

const mixed = 'Content-Type: multipart/mixed; boundary="b"';
const plain = 'Content-Type: text/plain';

test('the first plain text is what a mail opens with, alone or before attachments', () => {
  assert.equal(opening(plain, '', 'Hello'), 'Hello\n');
  assert.equal(opening(mixed, '', '--b', plain, '', 'Hello', '--b', plain, '', 'more', '--b--'), 'Hello');
  const twins = ['--c', plain, '', 'Hello', '--c', 'Content-Type: text/html', '', '<p>Hello', '--c--'];
  assert.equal(opening('Content-Type: multipart/alternative; boundary="c"', '', ...twins), 'Hello');
});

test('an empty first text is not passed over: what comes after it may be somebody else’s', () => {
  assert.equal(opening(mixed, '', '--b', plain, '', '', '--b', plain, '', 'Embargod:', '--b--')?.trim(), '');
});

for (const [what, ...part] of [
  [
    'HTML, whose quotes look like text once it is reduced',
    'Content-Type: text/html',
    '',
    '<blockquote>Embargod:',
  ],
  ['a file', `${plain}; name="notes.txt"`, '', 'Embargod:'],
  ['an attachment', plain, 'Content-Disposition: attachment', '', 'Embargod:'],
  ['a forwarded message', 'Content-Type: message/rfc822', '', 'Subject: x', '', 'Embargod:'],
] as const) {
  test(`${what} opens no mail, and hides what follows`, () => {
    assert.equal(opening(mixed, '', '--b', ...part, '--b', plain, '', 'Embargod:', '--b--'), undefined);
  });
}
