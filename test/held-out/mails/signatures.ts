// Who signed, and whether it still holds.

import { type HeldOutMail, LINUX_DISTROS } from '../held-out-mail.ts';
import { base64, bytesOf, entity, pgpMime, pgpSigned, raw, utf8 } from '../write-mail.ts';

const oddMicalg = `Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: 8bit
Content-Disposition: inline

aptish downloads the f\xfcr-index over http without a hash.
Release: 2026-12-01 14:00 UTC.
`;

const tampered = `Content-Type: text/plain; charset=utf-8

dpkgish: --instdir escapes through a symlink.
Release: 2026-12-02 14:00 UTC.
`;

const withBlanks = `Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: 8bit

${utf8('Trailing blanks follow  ')}\x20
cron-like reads crontabs of removed users,\x20
From what we see since 2019.
Tab at the end:\t
-- ${''}
Rita`;

const protectedClear = `From: Rita Rossi <rita@debian.example>
To: linux-distros@lists.example.org
Subject: [vs] glib-like: unbounded recursion in GVariant text
Message-ID: <20261123.hpclear.1@debian.example>
Content-Type: text/plain; charset="utf-8"; hp="clear"

Nested brackets exhaust the stack of the parser.
Release: 2026-12-03 14:00 UTC.
`;

export const signatures: readonly HeldOutMail[] = [
  {
    name: 'clear-signed-by-rita-odd-micalg',
    why: 'multipart/signed in clear with micalg=PGP-SHA1 over a SHA-512 signature and 8-bit Latin-1; micalg is only a hint, gpg ignores it.',
    build: async (cast) => ({
      mailFrom: 'rita@debian.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`Date: ${cast.date(115)}
From: Rita Rossi <rita@debian.example>
To: linux-distros@lists.example.org
Subject: [vs] aptish: index without integrity
Message-ID: <20261123151200.GA31337@debian.example>
MIME-Version: 1.0
${pgpSigned({
  boundary: 'UugvWAfsgieZRqgk',
  entity: oddMicalg,
  micalg: 'micalg=PGP-SHA1;',
  signature: await cast.signDetached(raw(oddMicalg), 'rita', ['--digest-algo', 'SHA512']),
})}`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'none',
      signature: 'valid',
      signer: 'rita',
      subject: '[vs] aptish: index without integrity',
      from: 'rita@debian.example',
      textIncludes: ['aptish downloads the für-index over http'],
      signedTextIncludes: ['aptish downloads the für-index over http'],
      ...entity(oddMicalg),
    },
  },
  {
    name: 'clear-signed-by-rita-text-altered',
    why: "A gateway appended a disclaimer inside the signed part: a registered signer's signature is bad, which is held (I5).",
    build: async (cast) => ({
      mailFrom: 'rita@debian.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`Date: ${cast.date(110)}
From: Rita Rossi <rita@debian.example>
To: linux-distros@lists.example.org
Subject: [vs] dpkgish: --instdir escape
Message-ID: <20261123151700.GB31337@debian.example>
MIME-Version: 1.0
${pgpSigned({
  boundary: 'k1lZvvs/B4yU6o8G',
  entity: `${tampered}\n________________\nThis message was scanned by the gateway.\n`,
  micalg: 'micalg=pgp-sha512;',
  signature: await cast.signDetached(raw(tampered), 'rita', ['--digest-algo', 'SHA512']),
})}`),
    }),
    expect: {
      verdict: 'held',
      encryption: 'none',
      signature: 'invalid',
      signer: 'rita',
      subject: '[vs] dpkgish: --instdir escape',
      from: 'rita@debian.example',
      textIncludes: [],
      alsoRight: [{ verdict: 'refused', because: 'a rule may refuse; passing it is wrong' }],
    },
  },
  {
    name: 'suspended-sue-encrypts-and-signs',
    why: 'Sue, suspended, sends a proper signed and encrypted report: the judge holds what a suspended signer signs.',
    build: async (cast) => ({
      mailFrom: 'sue@gentoo.example',
      recipients: [LINUX_DISTROS],
      raw: pgpMime({
        header: `From: Sue Sandberg <sue@gentoo.example>
To: linux-distros@lists.example.org
Subject: [vs] portagelike: build user may write the database
Date: ${cast.date(105)}
Message-ID: <4f9d8b1e@gentoo.example>
`,
        boundary: 'nextPart1.sue',
        cipher: String(
          await cast.seal(
            raw(
              'Content-Type: text/plain; charset=utf-8\n\nportagelike leaves its database group-writable.\n2026-12-01 10:00 UTC\n',
            ),
            { to: ['linux-distros', 'sue'], signedBy: 'sue' },
          ),
        ),
      }),
    }),
    expect: {
      verdict: 'held',
      encryption: 'pgp-mime',
      signature: 'valid',
      signer: 'sue',
      subject: '[vs] portagelike: build user may write the database',
      from: 'sue@gentoo.example',
      textIncludes: [],
      marks: ['signer suspended'],
    },
  },
  {
    name: 'signed-with-stale-certificate-inside',
    why: 'Carl prolonged his key but attaches the certificate that expired 35 days ago; DOUBTFUL: a signature made after expiry is invalid (held), or the certificate is unusable and so the key unknown (passes, marked); never valid.',
    build: async (cast) => {
      const payload = `Content-Type: multipart/mixed; boundary="carl-1"; protected-headers="v1"
Subject: [vs] logrotated: shell in postrotate of user logs

--carl-1
Content-Type: text/plain; charset=utf-8

logrotated runs postrotate from files that users own.
Date: 2026-12-02 09:30 UTC
--carl-1
Content-Type: application/pgp-keys; name="carl.asc"
Content-Disposition: attachment; filename="carl.asc"
Content-Transfer-Encoding: base64

${base64(bytesOf(cast.certificate('carl')))}
--carl-1--
`;
      return {
        mailFrom: 'carl@consult.example',
        recipients: [LINUX_DISTROS],
        raw: pgpMime({
          header: `From: Carl Carlsen <carl@consult.example>
To: linux-distros@lists.example.org
Subject: ...
Date: ${cast.date(100)}
Message-ID: <stale-0042@consult.example>
`,
          boundary: 'carl-0',
          cipher: String(await cast.seal(raw(payload), { to: ['linux-distros'], signedBy: 'carl' })),
        }),
      };
    },
    expect: {
      verdict: 'held',
      encryption: 'pgp-mime',
      signature: 'invalid',
      subject: '[vs] logrotated: shell in postrotate of user logs',
      from: 'carl@consult.example',
      textIncludes: [],
      alsoRight: [
        {
          verdict: 'new-case',
          signature: 'unknown-key',
          textIncludes: ['logrotated runs postrotate from files that users own.'],
          because: 'no usable certificate is known, and a stranger is let pass, marked',
        },
      ],
    },
  },
  {
    name: 'gnus-trailing-blanks-signed-and-encrypted',
    why: 'Emacs Gnus: multipart/signed inside encryption over text with trailing blanks, a tab, "From " and "-- ", which RFC 3156 §5 wants encoded and many do not; by a representative.',
    build: async (cast) => ({
      mailFrom: 'rita@debian.example',
      recipients: [LINUX_DISTROS],
      raw: pgpMime({
        header: `From: Rita Rossi <rita@debian.example>
To: linux-distros@lists.example.org
Subject: cron-like
Date: ${cast.date(95)}
Message-ID: <87o6n1xq2d.fsf@debian.example>
User-Agent: Gnus/5.13 (Gnus v5.13)
`,
        boundary: '=-=-=',
        cipherHeader: 'Content-Type: application/octet-stream\n',
        cipher: String(
          await cast.seal(
            raw(
              pgpSigned({
                boundary: '==-=-=',
                entity: withBlanks,
                micalg: 'micalg=pgp-sha256;',
                signature: await cast.signDetached(raw(withBlanks), 'rita', ['--digest-algo', 'SHA256']),
              }),
            ),
            { to: ['linux-distros', 'rita'] },
          ),
        ),
      }),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'pgp-mime',
      signature: 'valid',
      signer: 'rita',
      subject: 'cron-like',
      from: 'rita@debian.example',
      textIncludes: ['From what we see since 2019.'],
      signedTextIncludes: ['cron-like reads crontabs of removed users,'],
      ...entity(withBlanks),
    },
  },
  {
    name: 'hp-clear-under-a-rewritten-subject',
    why: 'A signed clear mail with RFC 9788 hp="clear", whose outer subject a gateway prefixed with [EXTERNAL]: the signed inner subject counts.',
    build: async (cast) => ({
      mailFrom: 'rita@debian.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`From: Rita Rossi <rita@debian.example>
To: linux-distros@lists.example.org
Subject: [EXTERNAL] [vs] glib-like: unbounded recursion in GVariant text
Date: ${cast.date(90)}
Message-ID: <20261123.hpclear.1@debian.example>
MIME-Version: 1.0
${pgpSigned({
  boundary: 'hp9788',
  entity: protectedClear,
  micalg: 'micalg="pgp-sha512";',
  signature: await cast.signDetached(raw(protectedClear), 'rita', ['--digest-algo', 'SHA512', '--textmode']),
})}`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'none',
      signature: 'valid',
      signer: 'rita',
      subject: '[vs] glib-like: unbounded recursion in GVariant text',
      from: 'rita@debian.example',
      textIncludes: ['Nested brackets exhaust the stack of the parser.'],
      signedTextIncludes: ['Nested brackets exhaust the stack of the parser.'],
      ...entity(protectedClear),
    },
  },
];
