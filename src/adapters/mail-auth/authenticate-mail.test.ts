import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { dkimSign } from 'mailauth';
import type { Address } from '../../mail/address.ts';
import { authenticateMail, type IncomingMail, type MailResolver } from './authenticate-mail.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keyText = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

function resolverFor(records: Readonly<Record<string, string>>): MailResolver {
  return async (name, type) => {
    const record = type === 'TXT' ? records[name] : undefined;
    if (record === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    return [[record]];
  };
}

const records = {
  'example.org': 'v=spf1 ip4:192.0.2.1 -all',
  '_dmarc.example.org': 'v=DMARC1; p=reject',
  's1._domainkey.example.org': `v=DKIM1; k=rsa; p=${keyText}`,
};
const plain = 'From: Alice <alice@example.org>\r\nTo: list@lists.example\r\nSubject: hello\r\n\r\nbody\r\n';

async function authenticate(
  raw: string,
  change: Partial<IncomingMail> = {},
  resolver = resolverFor(records),
) {
  return authenticateMail(
    {
      peer: '192.0.2.1',
      helo: 'mail.example.org',
      mailFrom: 'alice@example.org' as Address,
      raw: Buffer.from(raw, 'latin1'),
      throughOwnRelay: false,
      ...change,
    },
    { hostName: 'mail.lists.example', resolver, within: 500 },
  );
}

async function signed(raw: string): Promise<string> {
  const key = {
    signingDomain: 'example.org',
    selector: 's1',
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
  const canonicalization = 'relaxed/relaxed';
  const { signatures } = await dkimSign(Buffer.from(raw), { ...key, canonicalization, signatureData: [key] });
  return `${signatures}${raw}`;
}

test('aligned SPF, or aligned DKIM, vouches for the sender; neither does not', async () => {
  const bySpf = await authenticate(plain);
  assert.deepEqual(bySpf, { checked: true, spf: 'pass', dkim: [], dmarc: 'pass', aligned: true });
  const elsewhere = { peer: '198.51.100.7' };
  const byDkim = await authenticate(await signed(plain), elsewhere);
  assert.deepEqual(byDkim, {
    checked: true,
    spf: 'fail',
    dkim: ['example.org'],
    dmarc: 'pass',
    aligned: true,
  });
  const byNobody = await authenticate(plain, elsewhere);
  assert.deepEqual([byNobody.dmarc, byNobody.aligned], ['fail', false]);
});

test('an altered body, a second From, or a signature of somebody else vouches for nothing', async () => {
  const elsewhere = { peer: '198.51.100.7' };
  const altered = (await signed(plain)).replace('body', 'bodies');
  assert.equal((await authenticate(altered, elsewhere)).aligned, false);
  assert.equal((await authenticate(`From: eve@evil.example\r\n${plain}`)).aligned, false);
  const foreign = plain.replace('alice@example.org', 'alice@other.example');
  assert.equal((await authenticate(await signed(foreign), elsewhere)).aligned, false);
});

test('no answer in time, a failing resolver, or a header of many signatures: not vouched for, and no error', async () => {
  const silent: MailResolver = () => new Promise(() => undefined);
  assert.equal((await authenticate(plain, {}, silent)).aligned, false);
  const broken: MailResolver = () =>
    Promise.reject(Object.assign(new Error('refused'), { code: 'ESERVFAIL' }));
  assert.equal((await authenticate(plain, {}, broken)).aligned, false);
  const many = `${'DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s1\r\n'.repeat(50)}${plain}`;
  assert.deepEqual(await authenticate(many), {
    checked: false,
    spf: 'none',
    dkim: [],
    dmarc: 'none',
    aligned: false,
  });
});

test('what would hold the door up is not checked: a line without an end, a dozen signatures over a large mail', async () => {
  const signature = 'DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s1; h=from; bh=AAAA; b=AAAA\r\n';
  const large = 'x'.repeat(998).concat('\r\n').repeat(6_000);
  assert.equal((await authenticate(`${plain}${'x'.repeat(17 * 1024)}\r\n`)).checked, false);
  assert.equal((await authenticate(`${signature.repeat(12)}${plain}${large}`)).checked, false);
  assert.equal((await authenticate(`${signature}${plain}${large}`)).checked, true);
});
