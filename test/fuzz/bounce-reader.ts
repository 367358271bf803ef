import assert from 'node:assert/strict';
import { maximumRecipients, readDeliveryStatus } from '../../src/mail/delivery-status.ts';
import { splitEntity } from '../../src/mail/split-entity.ts';
import { handleBounce } from '../../src/message/handle-bounce.ts';
import type { Plan } from '../../src/message/plan.ts';
import type { OutboxRow } from '../../src/message/ports.ts';
import { address, domain } from '../stand-ins/community.ts';
import { readCopy } from '../stand-ins/copies.ts';
import { makeDesk, tokenOf } from '../stand-ins/desk.ts';
import { makeLetter } from '../stand-ins/letters.ts';
import { type Fuzzer, lineJoints } from './fuzzer.ts';
import { type HonestChild, startHonestChild } from './honest-child.ts';

/** Inputs of the corpus say this wherever a report has words of its own. */
const canary = /canary/i;
/** RFC 3464 §2.3.3: what asks nothing of anybody. */
const harmless = ['delayed', 'delivered', 'relayed', 'expanded'];

/**
 * The bounce reader: statuses are bounded and in one line, whatever a report says; one that comes to a copy's own return
 * path either plainly tells that nothing failed, or an administrator is told, in none of its words.
 */
export const bounceReader: Fuzzer = {
  name: 'bounce-reader',
  largest: 300_000,
  atOnce: 1,
  dictionary: [
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n',
    'Content-Type: message/delivery-status\r\n\r\n',
    'Content-Type: message/global-delivery-status\r\n\r\n',
    'Content-Type: text/rfc822-headers\r\n\r\n',
    'Reporting-MTA: dns; mx.canary.example\r\n\r\n',
    'Final-Recipient: rfc822; bob@suse.example\r\n',
    'Original-Recipient: utf-8; =?utf-8?q?canary=0d=0a?=\r\n',
    'Action: failed\r\n',
    'Action: delayed\r\n',
    'Action: delivered (canary)\r\n',
    'Action: relayed\r\n',
    'Action: expanded\r\n',
    'Action: canary\r\n',
    'Status: 5.1.1\r\n',
    'Diagnostic-Code: smtp; 550 canary\r\n',
    '\r\n\r\n',
    '\r\n--b\r\n',
    '\r\n--b--\r\n',
    'Content-Transfer-Encoding: base64\r\n',
    '-----BEGIN PGP MESSAGE-----\r\n',
  ],
  joints: lineJoints,
  start: async () => {
    const child = await startHonestChild();
    return { check: (input) => checkBounce(input, child), stop: child.stop };
  },
};

async function checkBounce(input: Uint8Array, child: HonestChild): Promise<void> {
  const split = splitEntity(input);
  const statuses = split.kind === 'entity' ? readDeliveryStatus(split.entity) : undefined;
  assert.ok((statuses?.length ?? 0) <= maximumRecipients, 'more statuses than the limit');
  for (const { recipient, action, status } of statuses ?? []) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is what is checked
    assert.doesNotMatch(recipient, /[\x00-\x1f\x7f]/);
    assert.equal(action, action.toLowerCase());
    assert.match(status ?? '5.1.1', /^[245]\.\d{1,3}\.\d{1,3}$/);
  }
  const opened = await child.open(input);
  if ('kind' in opened) {
    assert.notEqual(opened.reason, 'child-failed', 'an honest child was not believed');
    return;
  }
  const desk = makeDesk();
  const token = tokenOf('bounce', 'row-1');
  const letter = makeLetter(desk, { ...opened, recipients: [`linux-distros+bounce-${token}`] });
  assert.ok(letter.place.kind === 'bounce', 'a bounce is placed by its address alone');
  const plan = await handleBounce(letter, letter.place, desk, async () => bounced);
  checkPlan(plan, opened.deliveryActions, opened.encryption.kind !== 'none');
}

/** Either refused, or told, or all of it says that nothing failed; never silently none of these (I5). */
function checkPlan(plan: Plan, actions: readonly string[] | undefined, sealed: boolean): void {
  const kinds = plan.events.map((event) => event.kind);
  // A report to a return path, and a holiday: refused, journalled, and told in the digest. No report of a server is one.
  if (sealed || plan.inbox?.state === 'refused') {
    assert.equal(plan.inbox?.state, 'refused');
    assert.ok(sealed || actions === undefined, 'a delivery report was taken for a holiday');
    return;
  }
  assert.equal(plan.inbox?.state, 'judged');
  const fine =
    actions !== undefined && actions.length > 0 && actions.every((action) => harmless.includes(action));
  assert.deepEqual(kinds.slice(0, 1), [fine ? 'delivery-reported' : 'bounce-received']);
  assert.deepEqual([plan.obligationsOpened.length, plan.outgoing.length], fine ? [0, 0] : [1, 1]);
  assert.deepEqual([plan.cancelFor, plan.readers], [[], []], 'a bounce suspended somebody');
  for (const outgoing of plan.outgoing) assert.doesNotMatch(readCopy(outgoing).text, canary);
  assert.ok(JSON.stringify(plan.events).length < 2_000, 'a bounce fills the journal');
}

const bounced: OutboxRow = {
  id: 'row-1',
  list: 'linux-distros',
  caseNumber: 'VS-2026-0042',
  recipient: address('bob@suse.example'),
  returnPath: address(`linux-distros+bounce-${tokenOf('bounce', 'row-1')}@${domain}`),
  state: 'sent',
  permitId: 'p',
  content: {
    kind: 'copy',
    bodyId: 'b',
    readerId: 'bob',
    keyIds: [],
    head: new Uint8Array(),
    alignment: 0,
    checksum: '',
  },
};
