// PGP/MIME as desktop programs make it: Thunderbird, KMail, NeoMutt, Apple Mail, Exchange's version of it.

import { type HeldOutMail, LINUX_DISTROS } from '../held-out-mail.ts';
import {
  archiveLike,
  base64,
  crlf,
  entity,
  file,
  PNG_MAGIC,
  pgpMime,
  pgpSigned,
  quotedPrintable,
  raw,
  textFile,
  utf8,
  XZ_MAGIC,
} from '../write-mail.ts';

const thunderbird78Payload = `Content-Type: multipart/mixed; boundary="9uY2bWn0sHq5cVtR7Kx1LmZ3eD8fGjA4o";
 protected-headers="v1"
From: Ann Archer <ann@research.example>
To: linux-distros@lists.example.org
Message-ID: <3f1c7b6e-50a1-4d7e-9a53-0c1d2f6a9b11@research.example>
Subject: [vs] libfoo: heap overflow in foo_parse_chunk()

--9uY2bWn0sHq5cVtR7Kx1LmZ3eD8fGjA4o
Content-Type: text/plain; charset=utf-8
Content-Language: en-US
Content-Transfer-Encoding: quoted-printable

${quotedPrintable(
  utf8(`Hello,

libfoo 2.1 – 2.4.3 writes one chunk past its heap buffer (naïve length check).
A 40-byte PNG is enough. I propose Tuesday 2026-12-01 16:00 UTC for disclosure.

Regards,
Ann
`),
)}
--9uY2bWn0sHq5cVtR7Kx1LmZ3eD8fGjA4o--
`;

const kmailSigned = `Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: 7bit

Hi all,

the unit generator of initthing follows a symlink in /run/initthing.d as
root; any local user wins the race in about two seconds.

Proposed release: 2026-12-02T14:00Z.
-- ${''}
Ben`;

const neomuttPayload = `Content-Type: text/plain; charset=us-ascii; protected-headers="v1"
Content-Disposition: inline
Subject: [vs] cupsish: unauthenticated format string in the lpd filter

cupsish before 4.8 hands the job name to syslog() as its format.

>From the network this is pre-auth when lpd is enabled.
Coordinated release proposed: Wed 2 Dec 2026, 13:00 UTC.
`;

const patch = `diff --git a/src/rpcd.c b/src/rpcd.c
--- a/src/rpcd.c
+++ b/src/rpcd.c
@@ -41,3 +41,3 @@
-	if (len < max)
+	if (len <= sizeof(buf) && len < max)
 		memcpy(buf, in, len);
-- ${''}
2.47.0
`;
const reproducer = archiveLike(XZ_MAGIC, 'rpcd reproducer', 3000);
const screenshot = archiveLike(PNG_MAGIC, 'rpcd screenshot', 1200);

export const thunderbirdAndKin: readonly HeldOutMail[] = [
  {
    name: 'thunderbird-78-encrypted',
    why: 'Thunderbird 78: subject "..." outside, protected headers v1 inside, encrypted without a signature.',
    build: async (cast) => ({
      mailFrom: 'ann@research.example',
      recipients: [LINUX_DISTROS],
      raw: pgpMime({
        header: `Message-ID: <3f1c7b6e-50a1-4d7e-9a53-0c1d2f6a9b11@research.example>
Date: ${cast.date(300)}
User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:78.0) Gecko/20100101
 Thunderbird/78.14.0
Content-Language: en-US
To: linux-distros@lists.example.org
From: Ann Archer <ann@research.example>
Subject: ...
`,
        preamble: 'This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)',
        boundary: 'KpQ7vXc1TzE5nRb0yUo3sWd6aHj9LfM2i',
        controlHeader: 'Content-Description: PGP/MIME version identification\n',
        cipherHeader: `Content-Type: application/octet-stream; name="encrypted.asc"
Content-Description: OpenPGP encrypted message
Content-Disposition: inline; filename="encrypted.asc"
`,
        cipher: String(await cast.seal(raw(thunderbird78Payload), { to: ['ann', 'linux-distros'] })),
      }),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'pgp-mime',
      signature: 'none',
      subject: '[vs] libfoo: heap overflow in foo_parse_chunk()',
      from: 'ann@research.example',
      textIncludes: ['(naïve length check)', 'libfoo 2.1 – 2.4.3 writes one chunk'],
      textExcludes: ['na=C3=AFve'],
      ...entity(thunderbird78Payload.trimEnd()),
      list: 'linux-distros',
    },
  },
  {
    name: 'thunderbird-115-signed-key-inside',
    why: 'Thunderbird 115: signed and encrypted in one, key attached inside (A1 pins it), Autocrypt outside; DOUBTFUL only in that a key first met here may be shown as unknown.',
    build: async (cast) => {
      const keyName = `OpenPGP_0x${cast.fingerprint('ann').slice(-16)}.asc`;
      const payload = `Content-Type: multipart/mixed; boundary="------------0sbTqVwMlHsq2u5cI8wXzA0v";
 protected-headers="v1"
From: Ann Archer <ann@research.example>
To: linux-distros@lists.example.org
Message-ID: <b8c0ad54-2f2e-4a57-bb1d-61fb4f5b7c22@research.example>
Subject: [vs] net/sched: use-after-free in the qfoo qdisc

--------------0sbTqVwMlHsq2u5cI8wXzA0v
Content-Type: multipart/mixed; boundary="------------Z1pJk2LhU8lW3m0Ydq7Bt6Nc"

--------------Z1pJk2LhU8lW3m0Ydq7Bt6Nc
Content-Type: text/plain; charset=UTF-8; format=flowed
Content-Transfer-Encoding: base64

${base64(
  raw(`Dear all,

qfoo_destroy() frees the class table while a dump still walks it; CAP_NET_ADMIN\x20
in a user namespace is enough. The kernel security team has a fix.

Release: 2026-12-03 15:00 UTC. Please credit Ann Archer.
`),
)}
--------------Z1pJk2LhU8lW3m0Ydq7Bt6Nc
Content-Type: application/pgp-keys; name="${keyName}"
Content-Disposition: attachment; filename="${keyName}"
Content-Description: OpenPGP public key
Content-Transfer-Encoding: quoted-printable

${quotedPrintable(cast.certificate('ann'))}
--------------Z1pJk2LhU8lW3m0Ydq7Bt6Nc--

--------------0sbTqVwMlHsq2u5cI8wXzA0v--
`;
      return {
        mailFrom: 'ann@research.example',
        recipients: [LINUX_DISTROS],
        raw: pgpMime({
          header: `Message-ID: <b8c0ad54-2f2e-4a57-bb1d-61fb4f5b7c22@research.example>
Date: ${cast.date(290)}
User-Agent: Mozilla Thunderbird
Content-Language: en-GB
To: linux-distros@lists.example.org
From: Ann Archer <ann@research.example>
Autocrypt: addr=ann@research.example; keydata=
${base64(Buffer.from(await cast.keydata('ann'), 'base64'), 72).replace(/^/gm, ' ')}
Subject: ...
`,
          preamble: 'This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)',
          boundary: '------------1S0a0uYcWbKk0O0fT6PqN1Yd',
          controlHeader: 'Content-Description: PGP/MIME version identification\n',
          cipherHeader: `Content-Type: application/octet-stream; name="encrypted.asc"
Content-Description: OpenPGP encrypted message
Content-Disposition: inline; filename="encrypted.asc"
`,
          cipher: String(await cast.seal(raw(payload), { to: ['linux-distros', 'ann'], signedBy: 'ann' })),
        }),
      };
    },
    expect: {
      verdict: 'new-case',
      encryption: 'pgp-mime',
      signature: 'valid',
      signer: 'ann',
      subject: '[vs] net/sched: use-after-free in the qfoo qdisc',
      from: 'ann@research.example',
      textIncludes: ['qfoo_destroy() frees the class table', 'Please credit Ann Archer.'],
      signedTextIncludes: ['Please credit Ann Archer.'],
      marks: ['certificate pinned from inside'],
      alsoRight: [
        { signature: 'unknown-key', because: 'the certificate is pinned with this mail, not before it' },
      ],
    },
  },
  {
    name: 'kmail-signed-inside-encrypted',
    why: 'KMail and Evolution encrypt a whole multipart/signed (RFC 3156 §6.1); the tagged subject travels in clear; the signer is a stranger.',
    build: async (cast) => {
      const payload = pgpSigned({
        boundary: 'nextPart3167045.KRxA6XjA2N',
        entity: kmailSigned,
        micalg: 'micalg="pgp-sha256";',
        signature: await cast.signDetached(raw(kmailSigned), 'ben', ['--digest-algo', 'SHA256']),
      });
      return {
        mailFrom: 'ben@university.example',
        recipients: [LINUX_DISTROS],
        raw: pgpMime({
          header: `From: Ben Bakker <ben@university.example>
To: linux-distros@lists.example.org
Subject: [vs] initthing: symlink race to root in the unit generator
Date: ${cast.date(280)}
Message-ID: <4867132.vXUDI8C0e8@lab7>
`,
          preamble: 'This is an encrypted MIME message.',
          boundary: 'nextPart2187514.irdbgypaU6',
          controlHeader: 'Content-Disposition: attachment\nContent-Transfer-Encoding: 7Bit\n',
          cipherHeader: `Content-Type: application/octet-stream
Content-Disposition: inline; filename="msg.asc"
Content-Transfer-Encoding: 7Bit
`,
          cipher: String(await cast.seal(raw(payload), { to: ['linux-distros'] })),
        }),
      };
    },
    expect: {
      verdict: 'new-case',
      encryption: 'pgp-mime',
      signature: 'unknown-key',
      subject: '[vs] initthing: symlink race to root in the unit generator',
      from: 'ben@university.example',
      textIncludes: ['follows a symlink in /run/initthing.d', 'Proposed release: 2026-12-02T14:00Z.'],
      signedTextIncludes: ['any local user wins the race'],
      ...entity(kmailSigned),
      marks: ['signer unknown'],
    },
  },
  {
    name: 'neomutt-one-pass-protected-text',
    why: 'NeoMutt with crypt_protected_headers_write: the whole payload is one text/plain with protected-headers, signed in one pass by a stranger, MDA-stuffed ">From".',
    build: async (cast) => ({
      mailFrom: 'ben@university.example',
      recipients: [LINUX_DISTROS],
      raw: pgpMime({
        header: `Date: ${cast.date(270)}
From: Ben Bakker <ben@university.example>
To: linux-distros@lists.example.org
Subject: ...
Message-ID: <wq3lxtmhz5n7yr2k@lab7.university.example>
Mail-Followup-To: linux-distros@lists.example.org
User-Agent: NeoMutt/20231221
`,
        boundary: 'tjsu3kgqibcv5s5e',
        controlHeader: 'Content-Disposition: attachment\n',
        cipherHeader: `Content-Type: application/octet-stream
Content-Disposition: attachment; filename="msg.asc"
`,
        cipher: String(
          await cast.seal(raw(neomuttPayload), { to: ['linux-distros', 'ben'], signedBy: 'ben' }),
        ),
      }),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'pgp-mime',
      signature: 'unknown-key',
      subject: '[vs] cupsish: unauthenticated format string in the lpd filter',
      from: 'ben@university.example',
      textIncludes: ['hands the job name to syslog()', 'From the network this is pre-auth'],
      ...entity(neomuttPayload.trimEnd()),
    },
  },
  {
    name: 'apple-mail-gpgtools-attachments',
    why: 'GPG for Mail on macOS: parameters in its own order, compressed with bzip2, an alternative with HTML, and attachments of several types inside.',
    build: async (cast) => {
      const payload = `Content-Type: multipart/mixed;
	boundary="Apple-Mail=_6F0E7A3B-0AF1-4C38-9B1F-24C9A4DE0A10"

--Apple-Mail=_6F0E7A3B-0AF1-4C38-9B1F-24C9A4DE0A10
Content-Type: multipart/alternative;
	boundary="Apple-Mail=_11AA2F6D-7C5E-4F57-8C0B-2F0F38D1B7C2"

--Apple-Mail=_11AA2F6D-7C5E-4F57-8C0B-2F0F38D1B7C2
Content-Transfer-Encoding: quoted-printable
Content-Type: text/plain;
	charset=utf-8

${quotedPrintable(utf8('rpcd copies len bytes where it should copy at most 64 — see the patch.\nDisclosure: 1 December, 15:00 UTC, please.\n'))}

--Apple-Mail=_11AA2F6D-7C5E-4F57-8C0B-2F0F38D1B7C2
Content-Transfer-Encoding: 7bit
Content-Type: text/html;
	charset=us-ascii

<html><body>rpcd copies <i>len</i> bytes where it should copy at most 64.</body></html>

--Apple-Mail=_11AA2F6D-7C5E-4F57-8C0B-2F0F38D1B7C2--

--Apple-Mail=_6F0E7A3B-0AF1-4C38-9B1F-24C9A4DE0A10
Content-Disposition: inline;
	filename=0001-rpcd-check-length.patch
Content-Type: text/x-patch;
	x-unix-mode=0644;
	name="0001-rpcd-check-length.patch"
Content-Transfer-Encoding: 7bit

${patch}
--Apple-Mail=_6F0E7A3B-0AF1-4C38-9B1F-24C9A4DE0A10
Content-Disposition: attachment;
	filename="rpcd repro.tar.xz"
Content-Type: application/x-xz;
	x-unix-mode=0644;
	name="rpcd repro.tar.xz"
Content-Transfer-Encoding: base64

${base64(reproducer)}

--Apple-Mail=_6F0E7A3B-0AF1-4C38-9B1F-24C9A4DE0A10
Content-Disposition: inline;
	filename=asan.png
Content-Type: image/png;
	name="asan.png"
Content-Transfer-Encoding: base64

${base64(screenshot)}

--Apple-Mail=_6F0E7A3B-0AF1-4C38-9B1F-24C9A4DE0A10--
`;
      return {
        mailFrom: 'dana@studio.example',
        recipients: [LINUX_DISTROS],
        raw: raw(`From: Dana Diaz <dana@studio.example>
Content-Type: multipart/encrypted;
	boundary="Apple-Mail=_9E2C8D57-31D4-4B52-9AE8-0A8C8D5E3C4F";
	protocol="application/pgp-encrypted"
Subject: rpcd problem
Mime-Version: 1.0 (Mac OS X Mail 16.0 \\(3774.600.62\\))
X-Pgp-Agent: GPGMail
X-Universally-Unique-Identifier: 51DAA6B0-B4A9-4C7F-9F1C-3C0C7F2B2F63
Date: ${cast.date(260).replace('+0000', '+0000 (UTC)')}
Content-Transfer-Encoding: 7bit
Message-Id: <C1A6C6E2-5D5C-4B6E-8AB1-61F2C3E1D0A4@studio.example>
To: linux-distros@lists.example.org
X-Mailer: Apple Mail (2.3774.600.62)

This is an OpenPGP/MIME encrypted message (RFC 2440 and 3156)
--Apple-Mail=_9E2C8D57-31D4-4B52-9AE8-0A8C8D5E3C4F
Content-Transfer-Encoding: 7bit
Content-Type: application/pgp-encrypted
Content-Description: PGP/MIME Versions Identification

Version: 1

--Apple-Mail=_9E2C8D57-31D4-4B52-9AE8-0A8C8D5E3C4F
Content-Transfer-Encoding: 7bit
Content-Disposition: inline;
	filename=encrypted.asc
Content-Type: application/octet-stream;
	name=encrypted.asc
Content-Description: OpenPGP encrypted message

${await cast.seal(raw(payload), { to: ['linux-distros'], options: ['--compress-algo', 'bzip2'] })}
--Apple-Mail=_9E2C8D57-31D4-4B52-9AE8-0A8C8D5E3C4F--
`),
      };
    },
    expect: {
      verdict: 'new-case',
      encryption: 'pgp-mime',
      signature: 'none',
      subject: 'rpcd problem',
      from: 'dana@studio.example',
      textIncludes: ['at most 64 — see the patch', 'Disclosure: 1 December, 15:00 UTC'],
      attachments: [
        textFile('0001-rpcd-check-length.patch', patch),
        file('rpcd repro.tar.xz', reproducer),
        file('asan.png', screenshot),
      ],
    },
  },
  {
    name: 'exchange-mangled-mixed',
    why: 'Exchange rewrites multipart/encrypted from GpgOL to multipart/mixed with an empty text, the two parts turned to base64; a transport rule adds X-Auto-Response-Suppress to a human mail. DOUBTFUL only in the name of the format.',
    build: async (cast) => {
      const payload = `Content-Type: multipart/mixed; boundary="=-=0k1DYm8HCTn9Cg=-="

--=-=0k1DYm8HCTn9Cg=-=
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: 8bit

${utf8('Die Prüfung der Signatur in updaterd läuft erst nach dem Entpacken.\nProposed date: 2026-12-01 10:00 UTC.')}
--=-=0k1DYm8HCTn9Cg=-=--
`;
      const armour = await cast.seal(raw(payload), { to: ['linux-distros'] });
      return {
        mailFrom: 'erika@firma.example',
        recipients: [LINUX_DISTROS],
        raw: raw(`Received: from EX01.firma.example (10.1.1.5) by EX02.firma.example (10.1.1.6)
 with Microsoft SMTP Server (version=TLS1_2) id 15.1.2507.39; ${cast.date(251)}
From: "Example, Erika" <erika@firma.example>
To: "linux-distros@lists.example.org" <linux-distros@lists.example.org>
Subject: Confidential: updaterd
Thread-Topic: Confidential: updaterd
Thread-Index: AdxbT0pQvW1n8b3hQ5WbZ3jYk4sGfA==
Date: ${cast.date(251)}
Message-ID: <8f2d4a61c4b84a0f9a2d6f1e0b7c9d33@EX01.firma.example>
Accept-Language: de-DE, en-US
X-MS-Has-Attach: yes
X-Auto-Response-Suppress: DR, OOF, AutoReply
Content-Type: multipart/mixed;
	boundary="_004_8f2d4a61c4b84a0f9a2d6f1e0b7c9d33EX01firmaexample_"
MIME-Version: 1.0

--_004_8f2d4a61c4b84a0f9a2d6f1e0b7c9d33EX01firmaexample_
Content-Type: text/plain; charset="us-ascii"
Content-ID: <0B1C2D3E4F5A6B7C8D9E@firma.example>
Content-Transfer-Encoding: quoted-printable


--_004_8f2d4a61c4b84a0f9a2d6f1e0b7c9d33EX01firmaexample_
Content-Type: application/pgp-encrypted; name="PGPMIME version identification"
Content-Description: PGP/MIME version identification
Content-Disposition: attachment; filename="PGPMIME version identification"; size=12
Content-Transfer-Encoding: base64

${base64(raw('Version: 1\n'))}

--_004_8f2d4a61c4b84a0f9a2d6f1e0b7c9d33EX01firmaexample_
Content-Type: application/octet-stream; name="encrypted.asc"
Content-Description: OpenPGP encrypted message
Content-Disposition: attachment; filename="encrypted.asc"; size=${armour.length}
Content-Transfer-Encoding: base64

${base64(Buffer.from(crlf(String(armour))))}

--_004_8f2d4a61c4b84a0f9a2d6f1e0b7c9d33EX01firmaexample_--
`),
      };
    },
    expect: {
      verdict: 'new-case',
      encryption: 'pgp-mime',
      signature: 'none',
      subject: 'Confidential: updaterd',
      from: 'erika@firma.example',
      textIncludes: ['Die Prüfung der Signatur in updaterd läuft erst', 'Proposed date: 2026-12-01'],
      alsoRight: [{ encryption: 'inline', because: 'after Exchange it is an encrypted attachment in form' }],
    },
  },
];
