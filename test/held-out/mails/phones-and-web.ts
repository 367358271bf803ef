// PGP/MIME and inline as phones, web mail, older programs and the newest RFC make it.

import { type HeldOutMail, LINUX_DISTROS } from '../held-out-mail.ts';
import {
  archiveLike,
  base64,
  bytesOf,
  crlf,
  file,
  pgpMime,
  quotedPrintable,
  raw,
  textFile,
  utf8,
  XZ_MAGIC,
} from '../write-mail.ts';

const bundle = archiveLike(XZ_MAGIC, 'enigmail bundle', 1500);
const enigmailPatch = `--- a/parser.c
+++ b/parser.c
@@ -9 +9 @@
-  strcpy(name, in);
+  strlcpy(name, in, sizeof name);
`;

export const phonesAndWeb: readonly HeldOutMail[] = [
  {
    name: 'mutt-classic-application-pgp',
    why: 'mutt with pgp_create_traditional=yes of old: the whole mail is application/pgp; x-action=encrypt, with armour as its body and UTF-8 within.',
    build: async (cast) => ({
      mailFrom: 'francois@sysadmin.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`Date: ${cast.date(240)}
From: ${'=?iso-8859-1?Q?Fran=E7ois?='} Fontaine <francois@sysadmin.example>
To: linux-distros@lists.example.org
Subject: root hole in menued
Message-ID: <20261123131400.GA2817@sysadmin.example>
Mime-Version: 1.0
Content-Type: application/pgp; x-action=encrypt; format=text
Content-Disposition: inline; filename="msg.pgp"
User-Agent: Mutt/1.5.20 (2009-12-10)

${await cast.seal(utf8('menued is setuid and obeys $PAGER — déjà vu.\nDate: 2026-12-01 12:00 UTC\n'), {
  to: ['linux-distros'],
  options: ['--comment', 'PGP key at the usual place'],
})}`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'inline',
      signature: 'none',
      subject: 'root hole in menued',
      from: 'francois@sysadmin.example',
      textIncludes: ['menued is setuid and obeys $PAGER — déjà vu.'],
      textExcludes: ['BEGIN PGP MESSAGE'],
    },
  },
  {
    name: 'enigmail-inline-encrypted-attachments',
    why: 'Enigmail, inline: signed and encrypted text with its Version and Comment lines, each attachment encrypted by itself, one armoured and one binary.',
    build: async (cast) => ({
      mailFrom: 'ben@university.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`To: linux-distros@lists.example.org
From: Ben Bakker <ben@university.example>
Subject: [vs] namesvc parser: stack overflow
Message-ID: <56A7C0D2.7090301@university.example>
Date: ${cast.date(230)}
User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:38.0) Gecko/20100101
 Thunderbird/38.5.0
MIME-Version: 1.0
Content-Type: multipart/mixed;
 boundary="------------070905050304060807010205"

This is a multi-part message in MIME format.
--------------070905050304060807010205
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 7bit

${String(
  await cast.seal(
    'The name field of a 0x1F record is copied with strcpy().\nRelease: Thu 2026-12-03 09:00 UTC\n',
    {
      to: ['linux-distros', 'ben'],
      signedBy: 'ben',
    },
  ),
).replace(
  /^(-----BEGIN PGP MESSAGE-----)$/m,
  '$1\nVersion: GnuPG v2.0.22 (GNU/Linux)\nComment: Using GnuPG with Thunderbird - http://www.enigmail.net/',
)}
--------------070905050304060807010205
Content-Type: application/octet-stream;
 name="strlcpy.patch.pgp"
Content-Transfer-Encoding: 7bit
Content-Disposition: attachment;
 filename="strlcpy.patch.pgp"

${await cast.seal(enigmailPatch, { to: ['linux-distros', 'ben'], options: ['--set-filename', 'strlcpy.patch'] })}
--------------070905050304060807010205
Content-Type: application/octet-stream;
 name="samples.tar.xz.pgp"
Content-Transfer-Encoding: base64
Content-Disposition: attachment;
 filename="samples.tar.xz.pgp"

${base64(
  await cast.seal(bundle, {
    to: ['linux-distros', 'ben'],
    armour: false,
    options: ['--set-filename', 'samples.tar.xz'],
  }),
  72,
)}
--------------070905050304060807010205--
`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'inline',
      signature: 'unknown-key',
      subject: '[vs] namesvc parser: stack overflow',
      from: 'ben@university.example',
      textIncludes: ['The name field of a 0x1F record', 'Release: Thu 2026-12-03 09:00 UTC'],
      openedParts: [textFile('strlcpy.patch', enigmailPatch), file('samples.tar.xz', bundle)],
    },
  },
  {
    name: 'k9-autocrypt-outside-only',
    why: 'K-9 Mail: the signer\'s key only in the outer Autocrypt header, which is a hint and must not make the signature valid (A1); subject "..." outside.',
    build: async (cast) => {
      const payload = `Content-Type: text/plain; charset=utf-8; protected-headers="v1"
Content-Transfer-Encoding: quoted-printable
Subject: [vs] bluetooth-agent pairs without asking
From: Ben Bakker <ben@university.example>
To: linux-distros@lists.example.org

${quotedPrintable(utf8('Sent from the train 🚆: bluetooth-agent accepts just-works pairing while the screen is locked, tested on three distributions.\nRelease 2026-12-02 08:00 UTC.\n'))}`;
      return {
        mailFrom: 'ben@university.example',
        recipients: [LINUX_DISTROS],
        raw: pgpMime({
          header: `Date: ${cast.date(220)}
User-Agent: K-9 Mail for Android
Subject: ...
Message-ID: <7A3D5B1C-66FE-4F0E-9E26-50E7C1B0E6D1@university.example>
From: Ben Bakker <ben@university.example>
To: linux-distros@lists.example.org
Autocrypt: addr=ben@university.example; keydata=
${base64(Buffer.from(await cast.keydata('ben'), 'base64'), 74).replace(/^/gm, '\t')}
`,
          boundary: '----8T3N0Y5QKX1W6E9R2U7I4O0P',
          cipherHeader: `Content-Type: application/octet-stream; name="encrypted.asc"
Content-Transfer-Encoding: 7bit
Content-Disposition: inline; filename="encrypted.asc"
`,
          cipher: String(await cast.seal(raw(payload), { to: ['linux-distros', 'ben'], signedBy: 'ben' })),
        }),
      };
    },
    expect: {
      verdict: 'new-case',
      encryption: 'pgp-mime',
      signature: 'unknown-key',
      subject: '[vs] bluetooth-agent pairs without asking',
      from: 'ben@university.example',
      textIncludes: ['Sent from the train 🚆: bluetooth-agent accepts', 'Release 2026-12-02 08:00 UTC.'],
    },
  },
  {
    name: 'fairemail-armour-in-base64',
    why: 'A gateway behind FairEmail put base64 as transfer encoding on both parts of multipart/encrypted, armour and all.',
    build: async (cast) => {
      const payload = `Content-Type: multipart/mixed; boundary="----=_Part_5_1063117.1764000000"

------=_Part_5_1063117.1764000000
Content-Type: text/plain; charset="UTF-8"
Content-Transfer-Encoding: 7bit

ssh-helper logs the passphrase at level info when DISPLAY is unset.
Date and time: 2026-12-01T17:00:00Z
------=_Part_5_1063117.1764000000--
`;
      return {
        mailFrom: 'gwen@mobile.example',
        recipients: [LINUX_DISTROS],
        raw: raw(`Date: ${cast.date(210)}
From: gwen@mobile.example
To: linux-distros@lists.example.org
Message-ID: <b7f0c2b9-2a9d-44f0-8ad6-3a4b1c8e3b55@mobile.example>
Subject: =?UTF-8?Q?=5Bvs=5D_ssh-helper_logs_passphrases?=
MIME-Version: 1.0
Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="----=_Part_7_911.42"
X-Correlation-ID: <b7f0c2b9-2a9d-44f0-8ad6-3a4b1c8e3b55@mobile.example>

------=_Part_7_911.42
Content-Type: application/pgp-encrypted
Content-Transfer-Encoding: base64

${base64(raw('Version: 1\n'))}
------=_Part_7_911.42
Content-Type: application/octet-stream; name=encrypted.asc
Content-Disposition: inline; filename=encrypted.asc
Content-Transfer-Encoding: base64

${base64(bytesOf(crlf(String(await cast.seal(raw(payload), { to: ['linux-distros'] })))))}
------=_Part_7_911.42--
`),
      };
    },
    expect: {
      verdict: 'new-case',
      encryption: 'pgp-mime',
      signature: 'none',
      subject: '[vs] ssh-helper logs passphrases',
      from: 'gwen@mobile.example',
      textIncludes: ['ssh-helper logs the passphrase at level info', '2026-12-01T17:00:00Z'],
    },
  },
  {
    name: 'protonmail-publickey-inside',
    why: 'Proton Mail to a PGP/MIME recipient: signed in one pass, "publickey - …" attached inside, subject in clear; DOUBTFUL only in that a key first met may be shown as unknown.',
    build: async (cast) => {
      const keyName = `publickey - ann@research.example - 0x${cast.fingerprint('ann').slice(0, 8)}.asc`;
      const payload = `Content-Type: multipart/mixed;boundary=---------------------7d1e5cc1a2f3b4c5d6e7f8091a2b3c4d

-----------------------7d1e5cc1a2f3b4c5d6e7f8091a2b3c4d
Content-Type: text/plain;charset=utf-8
Content-Transfer-Encoding: quoted-printable

${quotedPrintable('vmctl reads ~/.vmctl as root before it drops privileges.\nRelease: 2026-12-03 18:00 UTC\n\nSent with Proton Mail secure email.')}
-----------------------7d1e5cc1a2f3b4c5d6e7f8091a2b3c4d
Content-Type: application/pgp-keys; filename="${keyName}"; name="${keyName}"
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="${keyName}"; name="${keyName}"

${base64(raw(cast.certificate('ann')), 60)}
-----------------------7d1e5cc1a2f3b4c5d6e7f8091a2b3c4d--
`;
      return {
        mailFrom: 'ann@research.example',
        recipients: [LINUX_DISTROS],
        raw: pgpMime({
          header: `Date: ${cast.date(200)}
To: "linux-distros@lists.example.org" <linux-distros@lists.example.org>
From: Ann Archer <ann@research.example>
Subject: [vs] vmctl: configuration of any user is read as root
Message-ID: <r0M2kq8_Yt7Q3sVv5XyZ1aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789=@research.example>
Feedback-ID: 1234567:user:proton
X-Pm-Message-ID: 5f0c8f6e6a0e3d0c4f5f1f7a0b8f5b1d3c2a9e87
`,
          boundary: '------------------------9f8e7d6c5b4a39281706f5e4d3c2b1a0',
          cipherHeader: `Content-Type: application/octet-stream; name="encrypted.asc"
Content-Disposition: inline; filename="encrypted.asc"
Content-Description: OpenPGP encrypted message
`,
          cipher: String(await cast.seal(raw(payload), { to: ['linux-distros'], signedBy: 'ann' })),
        }),
      };
    },
    expect: {
      verdict: 'new-case',
      encryption: 'pgp-mime',
      signature: 'valid',
      signer: 'ann',
      subject: '[vs] vmctl: configuration of any user is read as root',
      from: 'ann@research.example',
      textIncludes: ['vmctl reads ~/.vmctl as root', 'Sent with Proton Mail secure email.'],
      alsoRight: [{ signature: 'unknown-key', because: 'the certificate comes with this mail' }],
    },
  },
  {
    name: 'mailvelope-in-gmail-no-checksum',
    why: 'Mailvelope in Gmail: multipart/alternative with the armour as text and as HTML, Version and Comment lines, and no checksum line, as openpgp.js 5 and later write it.',
    build: async (cast) => {
      const armour = String(
        await cast.seal(
          'greetd-web trusts X-Forwarded-User from anybody.\nEmbargo until 2026-11-30 16:00 UTC.\n',
          {
            to: ['linux-distros'],
          },
        ),
      )
        .replace(
          /^(-----BEGIN PGP MESSAGE-----)$/m,
          '$1\nVersion: Mailvelope v6.1.0\nComment: https://mailvelope.com',
        )
        .replace(/^=[A-Za-z0-9+/]{4}\n/m, '');
      return {
        mailFrom: 'hana.h@gmail.example',
        recipients: [LINUX_DISTROS],
        raw: raw(`MIME-Version: 1.0
Date: ${cast.date(190)}
Message-ID: <CAF1x2yZ3abcDEFghiJKLmnoPQRstuVWX_yz0-9=Qw@mail.gmail.example>
Subject: greetd-web issue
From: Hana H <hana.h@gmail.example>
To: linux-distros@lists.example.org
Content-Type: multipart/alternative; boundary="0000000000002f6a2806449d3c11"

--0000000000002f6a2806449d3c11
Content-Type: text/plain; charset="UTF-8"

${armour}
--0000000000002f6a2806449d3c11
Content-Type: text/html; charset="UTF-8"
Content-Transfer-Encoding: quoted-printable

${quotedPrintable(`<div dir="ltr"><div>${armour.trimEnd().split('\n').join('<br></div><div>')}</div></div>`)}
--0000000000002f6a2806449d3c11--
`),
      };
    },
    expect: {
      verdict: 'new-case',
      encryption: 'inline',
      signature: 'none',
      subject: 'greetd-web issue',
      from: 'hana.h@gmail.example',
      textIncludes: ['greetd-web trusts X-Forwarded-User from anybody.'],
    },
  },
  {
    name: 'rfc9788-cipher-hp-outer',
    why: 'A client of RFC 9788: hp="cipher", HP-Outer fields, outer subject "[...]", and a legacy display element in the text.',
    build: async (cast) => {
      const date = cast.date(180);
      const payload = `Date: ${date}
From: Igor Ilin <igor@header.example>
To: linux-distros@lists.example.org
Subject: [vs] ldapcache: signed integer wrap in BER lengths
Message-ID: <hp-cipher-4711@header.example>
HP-Outer: Date: ${date}
HP-Outer: From: Igor Ilin <igor@header.example>
HP-Outer: To: linux-distros@lists.example.org
HP-Outer: Subject: [...]
HP-Outer: Message-ID: <hp-cipher-4711@header.example>
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"; hp="cipher"; hp-legacy-display="1"

Subject: [vs] ldapcache: signed integer wrap in BER lengths

A BER length of 0xFFFFFFFF wraps to -1 and passes the check in ldapcache.
I suggest 2026-12-02 at 16:00 UTC.
`;
      return {
        mailFrom: 'igor@header.example',
        recipients: [LINUX_DISTROS],
        raw: pgpMime({
          header: `Date: ${date}
From: Igor Ilin <igor@header.example>
To: linux-distros@lists.example.org
Subject: [...]
Message-ID: <hp-cipher-4711@header.example>
`,
          boundary: 'e5f6a7',
          cipher: String(await cast.seal(raw(payload), { to: ['linux-distros'] })),
        }),
      };
    },
    expect: {
      verdict: 'new-case',
      encryption: 'pgp-mime',
      signature: 'none',
      subject: '[vs] ldapcache: signed integer wrap in BER lengths',
      from: 'igor@header.example',
      textIncludes: ['A BER length of 0xFFFFFFFF wraps to -1'],
    },
  },
];
