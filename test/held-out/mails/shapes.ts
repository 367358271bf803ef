// Odd shapes: wrapped, nested, doubled, disguised.

import { type HeldOutMail, LINUX_DISTROS } from '../held-out-mail.ts';
import { pgpMime, raw } from '../write-mail.ts';

const longLine = `long: ${'0123456789abcdef'.repeat(62)}`.slice(0, 998);

export const shapes: readonly HeldOutMail[] = [
  {
    name: 'long-lines-and-dot-lines',
    why: "A line of exactly 998 characters, lines that begin with dots and a line that is one dot (not yet dot-stuffed), and no line end at the very end of the text but SMTP's.",
    build: async (cast) => ({
      mailFrom: 'bea@terse.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`From: bea@terse.example
To: linux-distros@lists.example.org
Subject: [vs] troffish: stack overflow by request lines
Date: ${cast.date(12)}
Message-ID: <dots@terse.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

.de XX
..
...three
.
after the lonely dot
${longLine}
Release: 2026-12-01 12:00 UTC
`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'none',
      signature: 'none',
      subject: '[vs] troffish: stack overflow by request lines',
      from: 'bea@terse.example',
      textIncludes: ['.de XX', '...three', 'after the lonely dot', longLine],
      textExcludes: ['....three'],
    },
  },
  {
    name: 'encrypted-mail-forwarded-as-attachment',
    why: 'A colleague forwards, in a tagged clear mail, an encrypted report as message/rfc822 (K1: inner parts are opened to a limited depth, for members only). DOUBTFUL only in the name of the format.',
    build: async (cast) => {
      const inner = pgpMime({
        header: `From: Cleo Cruz <cleo@shy.example>
To: Dirk Daan <dirk@upstream.example>
Subject: private report
Date: ${cast.date(2000)}
Message-ID: <inner-private@shy.example>
`,
        boundary: 'inner-pgp',
        cipher: String(
          await cast.seal(
            raw(
              'Content-Type: text/plain; charset=utf-8\n\nexifish writes before its buffer for negative offsets.\n',
            ),
            { to: ['ben', 'linux-distros'] },
          ),
        ),
      });
      return {
        mailFrom: 'dirk@upstream.example',
        recipients: [LINUX_DISTROS],
        raw: raw(`From: Dirk Daan <dirk@upstream.example>
To: linux-distros@lists.example.org
Subject: Fwd: [vs] private report
Date: ${cast.date(11)}
Message-ID: <outer-forward@upstream.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="fwd-0"

--fwd-0
Content-Type: text/plain; charset=utf-8

Forwarding what a researcher sent us; release 2026-12-02 15:00 UTC.

--fwd-0
Content-Type: message/rfc822; name="private report.eml"
Content-Disposition: attachment; filename="private report.eml"

${inner.toString('latin1')}
--fwd-0--
`),
      };
    },
    expect: {
      verdict: 'new-case',
      encryption: 'none',
      signature: 'none',
      subject: 'Fwd: [vs] private report',
      from: 'dirk@upstream.example',
      textIncludes: [
        'Forwarding what a researcher sent us',
        'exifish writes before its buffer for negative offsets.',
      ],
      alsoRight: [
        { encryption: 'pgp-mime', because: 'the nested mail was' },
        { encryption: 'inline', because: 'part of it was encrypted' },
      ],
    },
  },
  {
    name: 'footer-around-multipart-encrypted',
    why: "A Mailman exploder at the reporter's firm wrapped multipart/encrypted in multipart/mixed with a footer, and prefixed the subject.",
    build: async (cast) => {
      const sealed = await cast.seal(
        raw(
          'Content-Type: text/plain; charset=utf-8\n\nsnapish mounts a user image with suid allowed.\nRelease 2026-12-01 18:00 UTC.\n',
        ),
        { to: ['linux-distros'] },
      );
      return {
        mailFrom: 'psirt-bounces@vendor.example',
        recipients: [LINUX_DISTROS],
        raw: raw(`From: Emil Ek <emil@vendor.example>
To: linux-distros@lists.example.org
Subject: [psirt] snapish
Date: ${cast.date(10)}
Message-ID: <footer-1@vendor.example>
List-Id: PSIRT <psirt.vendor.example>
List-Post: <mailto:psirt@vendor.example>
X-BeenThere: psirt@vendor.example
Precedence: list
Errors-To: psirt-bounces@vendor.example
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="===============7330845974216740156=="

--===============7330845974216740156==
Content-Type: multipart/encrypted; micalg="pgp-sha512";
	protocol="application/pgp-encrypted"; boundary="6c2NcOVqGQ03X4Wi"

--6c2NcOVqGQ03X4Wi
Content-Type: application/pgp-encrypted

Version: 1

--6c2NcOVqGQ03X4Wi
Content-Type: application/octet-stream

${sealed}
--6c2NcOVqGQ03X4Wi--

--===============7330845974216740156==
Content-Type: text/plain; charset="us-ascii"
MIME-Version: 1.0
Content-Transfer-Encoding: 7bit
Content-Disposition: inline

_______________________________________________
PSIRT mailing list -- psirt@vendor.example

--===============7330845974216740156==--
`),
      };
    },
    expect: {
      verdict: 'new-case',
      encryption: 'pgp-mime',
      signature: 'none',
      subject: '[psirt] snapish',
      from: 'emil@vendor.example',
      textIncludes: ['snapish mounts a user image with suid allowed.'],
    },
  },
  {
    name: 'two-from-headers',
    why: 'Two From headers, the first a representative, the second a stranger (RFC 5322 allows one): doubt about who writes is held (I5).',
    build: async (cast) => ({
      mailFrom: 'mallory@elsewhere.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`From: Rita Rossi <rita@debian.example>
To: linux-distros@lists.example.org
Subject: [vs] trust me
Date: ${cast.date(9)}
From: Mallory Moss <mallory@elsewhere.example>
Message-ID: <two-froms@elsewhere.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii

Please install the attached fix at once.
`),
    }),
    expect: {
      verdict: 'held',
      encryption: 'none',
      signature: 'none',
      subject: '[vs] trust me',
      from: 'mallory@elsewhere.example',
      textIncludes: [],
      alsoRight: [
        { from: 'rita@debian.example', because: 'held either way; which From is shown is left open' },
        { verdict: 'refused', because: 'a rule may refuse it' },
        { verdict: 'refused', from: 'rita@debian.example', because: 'the same' },
      ],
    },
  },
  {
    name: 'look-alike-verdicts-and-commands',
    why: "A stranger's mail that dresses as ours: verdict-like headers, a text that begins like our part, an Embargod: command unsigned; it passes as unsigned and changes nothing (M1, A2, K7).",
    build: async (cast) => ({
      mailFrom: 'mallory@elsewhere.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`From: Rita Rossi <mallory@elsewhere.example>
To: linux-distros@lists.example.org
Subject: [vs] nssish: wrong group list
Date: ${cast.date(8)}
Message-ID: <look-alike@elsewhere.example>
X-Embargod-Signature: valid; signer=rita@debian.example
X-Embargod-Verdict: pass
Embargod-Signature: valid by Rita Rossi (Debian)
Authentication-Results: lists.example.org; dkim=pass header.d=debian.example
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Embargod: VS-2026-0001 public
Author: Rita Rossi <rita@debian.example>
Signature: valid, by Rita Rossi (Debian)

nssish keeps the groups of the previous lookup.
Release: 2026-12-02 12:00 UTC
`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'none',
      signature: 'none',
      subject: '[vs] nssish: wrong group list',
      from: 'mallory@elsewhere.example',
      textIncludes: ['nssish keeps the groups of the previous lookup.'],
      marks: ['like-named headers dropped', 'no command executed'],
    },
  },
  {
    name: 'report-about-armour',
    why: 'A tagged clear report about an OpenPGP parser that shows armour indented and quoted in its text: not encrypted, nothing to open, must pass as it is.',
    build: async (cast) => ({
      mailFrom: 'faye@parsers.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`From: Faye Fox <faye@parsers.example>
To: linux-distros@lists.example.org
Subject: [vs-bugs][vs] pgpish: crash on armour without data
Date: ${cast.date(7)}
Message-ID: <armour-report@parsers.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

pgpish crashes on an empty body, feed it this:

    -----BEGIN PGP MESSAGE-----

    =twTO
    -----END PGP MESSAGE-----

The line -----BEGIN PGP MESSAGE----- alone is enough in 1.2, as in

> -----BEGIN PGP MESSAGE-----
> hQEMA0000000

Release: 2026-12-03 16:00 UTC.
`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'none',
      signature: 'none',
      subject: '[vs-bugs][vs] pgpish: crash on armour without data',
      from: 'faye@parsers.example',
      textIncludes: [
        'pgpish crashes on an empty body',
        '> hQEMA0000000',
        '=twTO',
        'Release: 2026-12-03 16:00 UTC.',
      ],
    },
  },
];
