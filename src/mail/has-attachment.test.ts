import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasAttachment } from './entity-text.ts';
import { splitEntity } from './split-entity.ts';

function attached(mail: string): boolean {
  const split = splitEntity(new TextEncoder().encode(mail.replaceAll('\n', '\r\n')));
  assert.ok(split.kind === 'entity');
  return hasAttachment(split.entity);
}

const mixed = (part: string) => `Content-Type: multipart/mixed; boundary=b\n\n--b\n\n\n--b\n${part}\n--b--\n`;

test('a file or a part that is no text is an attachment; text and empty parts are none', () => {
  assert.equal(attached('\nIt overflows.\n'), false);
  assert.equal(attached(mixed('Content-Type: text/html\n\n<p>It overflows.</p>')), false);
  assert.equal(attached(mixed('Content-Type: application/x-xz\n\nbytes')), true);
  assert.equal(attached(mixed('Content-Disposition: attachment; filename=fix.patch\n\n+1')), true);
  assert.equal(attached(mixed('Content-Disposition: attachment; filename=fix.patch\n\n')), false);
});
