import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, noon } from '../../../test/stand-ins/community.ts';
import type { Envelope } from '../../message/receive/envelope.ts';
import { readPublicEnvelope } from './read-public-envelope.ts';

const envelope: Envelope = {
  receivedAt: noon,
  peer: '192.0.2.1',
  helo: 'mx.vouched.example',
  tls: true,
  mailFrom: address('vera@vouched.example'),
  recipients: [address('oss-security@lists.example.org')],
  authentication: { checked: true, spf: 'pass', dkim: [], dmarc: 'pass', aligned: true },
};

test('what intake writes is understood', () => {
  assert.deepEqual(readPublicEnvelope(JSON.stringify(envelope)), {
    mailFrom: 'vera@vouched.example',
    recipients: ['oss-security@lists.example.org'],
    aligned: true,
  });
});

test('what somebody else wrote vouches for nobody and goes nowhere', () => {
  const { authentication, ...rest } = envelope;
  const odd = { ...envelope, authentication: { ...authentication, aligned: 'yes' } };
  for (const text of ['', '{', 'null', JSON.stringify(rest), JSON.stringify(odd)])
    assert.deepEqual(readPublicEnvelope(text), { mailFrom: '', recipients: [], aligned: false });
});
