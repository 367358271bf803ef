import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, certificateOf, noon } from '../../../test/stand-ins/community.ts';
import { makeKnowledge } from '../../../test/stand-ins/desk.ts';
import { makeCase, makeOpened, signedBy } from '../../../test/stand-ins/letters.ts';
import type { Place } from './letter.ts';
import { recogniseSigner } from './recognise-signer.ts';

const rita = certificateOf('rita');
const guest = {
  id: 'gil',
  address: address('gil@up.example'),
  certificate: certificateOf('gil'),
  effectiveFrom: noon,
};
const subject = makeCase({
  reporter: {
    id: 'rita',
    address: address('rita@reporter.example'),
    name: undefined,
    representative: undefined,
    certificate: rita,
  },
  guests: [guest],
});
const inCase: Place = { kind: 'case', case: subject, scope: 'participants', parent: undefined, doubts: [] };
const newReport: Place = { kind: 'new-report', list: 'linux-distros', doubts: [], related: undefined };
const knowledge = makeKnowledge();

test('a member’s signature names the representative whose certificate made it, whatever From says', () => {
  const signature = signedBy(certificateOf('bob').fingerprint);
  const signer = recogniseSigner(makeOpened({ signature }), newReport, knowledge);
  assert.equal(signer.kind === 'representative' && signer.representative.id, 'bob');
});

test('From alone makes nobody anybody', () => {
  const head = { from: [{ name: 'Bob', address: address('bob@suse.example') }] };
  assert.deepEqual(recogniseSigner(makeOpened({ head }), newReport, knowledge), { kind: 'none' });
});

test('reporter and guest are known by their pinned certificates, in their own case only', () => {
  const byRita = makeOpened({ signature: signedBy(rita.fingerprint) });
  const byGil = makeOpened({ signature: signedBy(guest.certificate.fingerprint) });
  assert.deepEqual(recogniseSigner(byRita, inCase, knowledge), {
    kind: 'participant',
    role: 'reporter',
    case: subject,
  });
  assert.deepEqual(recogniseSigner(byGil, inCase, knowledge), {
    kind: 'participant',
    role: 'guest',
    case: subject,
  });
  assert.deepEqual(recogniseSigner(byRita, newReport, knowledge), { kind: 'unknown' });
});

test('an enclosed certificate counts only when it is the one that signed (A1)', () => {
  const enclosedCertificates = [certificateOf('someone'), rita];
  const signed = makeOpened({ signature: signedBy(rita.fingerprint), enclosedCertificates });
  assert.deepEqual(recogniseSigner(signed, newReport, knowledge), { kind: 'enclosed', certificate: rita });
  const byAnother = makeOpened({ signature: signedBy(certificateOf('x').fingerprint), enclosedCertificates });
  assert.deepEqual(recogniseSigner(byAnother, newReport, knowledge), { kind: 'unknown' });
  const unsigned = makeOpened({ enclosedCertificates });
  assert.deepEqual(recogniseSigner(unsigned, newReport, knowledge), { kind: 'none' });
});

test('a bad signature and one by a key nobody knows are told apart', () => {
  const invalid = makeOpened({ signature: { kind: 'invalid', keyId: 'AB', reason: 'digest' } });
  const unknown = makeOpened({ signature: { kind: 'unknown-key', keyId: 'AB' } });
  assert.deepEqual(recogniseSigner(invalid, newReport, knowledge), { kind: 'invalid' });
  assert.deepEqual(recogniseSigner(unknown, newReport, knowledge), { kind: 'unknown' });
});
