import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maximumRecipients, readDeliveryStatus } from './delivery-status.ts';
import { maximumHeaderFields } from './header-fields.ts';
import { splitEntity } from './split-entity.ts';

function statusesOf(groups: string, type = 'message/delivery-status') {
  const head = 'Content-Type: multipart/report; boundary=b\n\n--b\n\nIt failed.\n--b\n';
  const raw = new TextEncoder().encode(
    `${head}Content-Type: ${type}\n\nReporting-MTA: dns; mx.example\n\n${groups}\n--b--\n`,
  );
  const split = splitEntity(raw);
  assert.ok(split.kind === 'entity');
  return readDeliveryStatus(split.entity);
}

const group = (action: string) => `Final-Recipient: rfc822; bob@suse.example\nAction: ${action}\n\n`;

test('each recipient’s fate is read, whatever stands beside the word (RFC 3464 §2.3.3)', () => {
  const statuses = statusesOf(`${group('Failed (mailbox full)')}Status: 5.1.1\n${group('delayed')}`);
  assert.deepEqual(statuses, [
    { recipient: 'bob@suse.example', action: 'failed', status: undefined },
    { recipient: 'bob@suse.example', action: 'delayed', status: '5.1.1' },
  ]);
  assert.equal(statusesOf(group('failed'), 'text/plain'), undefined);
});

test('a flood of recipients ends at the limit, and a word without end is no word', () => {
  assert.equal(statusesOf(group('failed').repeat(maximumRecipients + 10))?.length, maximumRecipients);
  assert.ok((statusesOf(group('x'.repeat(10_000)))?.[0]?.action.length ?? 0) <= 100);
});

test('a flood of fields is read no further than the splitter would read it', () => {
  // 3 MB of these became a million objects, which is what the splitter’s own limit is there to prevent.
  const flood = `${'a:\n'.repeat(maximumHeaderFields - 1)}\n`.repeat(40);
  assert.deepEqual(statusesOf(flood + group('failed')), []);
});
