import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noon } from '../../../test/stand-ins/community.ts';
import { hour, later, minute } from '../../time/instant.ts';
import { mayBePrivate, wordReason } from './moderation-reason.ts';
import { type ModerationRequest, requestFault } from './moderation-request.ts';

const request: ModerationRequest = {
  id: 'r-1',
  installation: 'lists.example.org',
  signedAt: noon,
  mail: 'm-1',
  digest: '0'.repeat(64),
  act: { kind: 'pass', publishAnyway: false },
};
const here = { row: 'r-1', installation: 'lists.example.org', now: noon };

test('a request is for its row and its installation, for three days, and not for later', () => {
  assert.equal(requestFault(request, here), undefined);
  assert.equal(requestFault(request, { ...here, row: 'r-2' }), 'another-row');
  assert.equal(requestFault(request, { ...here, installation: 'other.example' }), 'another-installation');
  assert.equal(requestFault(request, { ...here, now: later(noon, 72 * hour) }), undefined);
  assert.equal(requestFault(request, { ...here, now: later(noon, 72 * hour + 1) }), 'too-old');
  assert.equal(requestFault(request, { ...here, now: later(noon, -5 * minute) }), undefined);
  assert.equal(requestFault(request, { ...here, now: later(noon, -6 * minute) }), 'from-the-future');
});

test('reasons have words; one of another version is shown by its name, and is not private', () => {
  assert.match(wordReason('too-large'), /1 MB/);
  assert.equal(wordReason('constructor'), 'constructor');
  assert.equal(mayBePrivate(['first-of-its-author', 'too-large', 'unheard-of']), false);
  assert.equal(mayBePrivate(['first-of-its-author', 'holds-openpgp']), true);
});
