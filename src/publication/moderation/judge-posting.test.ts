import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, noon } from '../../../test/stand-ins/community.ts';
import { postingMail } from '../../../test/stand-ins/postings.ts';
import type { DirectoryEntry } from '../directory-record.ts';
import { type ArrivedEnvelope, readArrivedMail } from './arrived-mail.ts';
import { judgePosting } from './judge-posting.ts';

const entry = (name: string, kind: DirectoryEntry['kind']): DirectoryEntry => ({
  name,
  kind,
  address: `${name}@lists.example.org`,
  title: name,
  certificate: undefined,
  since: noon,
});
const directory = [
  entry('linux-distros', 'private'),
  entry('oss-security', 'public'),
  entry('news', 'public'),
];

type Given = Partial<ArrivedEnvelope> &
  Readonly<{ mail?: Parameters<typeof postingMail>[0]; knownOn?: string[] }>;

function judge({ mail = {}, knownOn = ['oss-security'], ...envelope }: Given = {}) {
  const whole = {
    mailFrom: 'ann@researcher.example',
    recipients: [address('oss-security@lists.example.org')],
    aligned: true,
    ...envelope,
  };
  return judgePosting({ ...readArrivedMail(whole, postingMail(mail), directory), knownOn });
}

test('a known author, vouched for: nothing is against it', () => {
  assert.deepEqual(judge(), []);
  assert.deepEqual(judge({ mail: { header: ['Auto-Submitted: no'] } }), []);
});

test('an author is known list by list', () => {
  assert.deepEqual(judge({ knownOn: [] }), ['first-of-its-author']);
  assert.deepEqual(judge({ knownOn: ['news'] }), ['first-of-its-author']);
  const both = ['oss-security', 'news'].map((name) => address(`${name}@lists.example.org`));
  assert.deepEqual(judge({ recipients: both }), ['first-of-its-author']);
  assert.deepEqual(judge({ recipients: both, knownOn: ['oss-security', 'news'] }), []);
});

test('who is not vouched for waits, known or not, and is told every reason', () => {
  assert.deepEqual(judge({ aligned: false }), ['author-not-vouched-for']);
  assert.deepEqual(judge({ aligned: false, knownOn: [] }), ['author-not-vouched-for', 'first-of-its-author']);
});

test('no author, two authors, and a From that stands twice', () => {
  assert.deepEqual(judge({ mail: { from: '' } }), ['no-single-author']);
  assert.deepEqual(judge({ mail: { from: 'a@b.example, c@d.example' } }), ['no-single-author']);
  assert.deepEqual(judge({ mail: { header: ['From: c@d.example'] } }), ['no-single-author']);
});

test('programs, owner’s mail and what is too large', () => {
  assert.deepEqual(judge({ mailFrom: '' }), ['sent-by-a-program']);
  assert.deepEqual(judge({ mail: { header: ['Auto-Submitted: auto-replied'] } }), ['sent-by-a-program']);
  const owner = [address('oss-security-owner@lists.example.org')];
  assert.deepEqual(judge({ recipients: owner }), ['for-no-public-list']);
  assert.deepEqual(judge({ mail: { text: 'x'.repeat(1024 * 1024) } }), ['too-large']);
});

test('what may be private comes first (U1)', () => {
  const found = judge({ mail: { subject: '[vs] libfoo' }, aligned: false });
  assert.deepEqual(found, ['has-the-tag-of-reports', 'author-not-vouched-for']);
});
