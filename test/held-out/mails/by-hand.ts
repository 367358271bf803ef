// Encrypted by hand: gpg at a prompt, its output pasted or attached, and what web mail makes of it.

import { DISTROS, type HeldOutMail, LINUX_DISTROS } from '../held-out-mail.ts';
import {
  archiveLike,
  base64,
  bytesOf,
  encodedIn,
  file,
  pgpMime,
  quotedPrintable,
  raw,
  utf8,
  wrapped,
  XZ_MAGIC,
} from '../write-mail.ts';

const kvmRepro = archiveLike(XZ_MAGIC, 'kvm reproducer', 5000);
const untaggedReport = archiveLike(XZ_MAGIC, 'zip of a report', 900);

export const byHand: readonly HeldOutMail[] = [
  {
    name: 'gpg-ea-pasted-with-text-around',
    why: "Output of `gpg -ea -R list report.txt` (hidden recipient) pasted between a greeting and a signature in an untagged mail; both kinds of text are the author's.",
    build: async (cast) => ({
      mailFrom: 'jon@homepage.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`From: Jon Jonsson <jon@homepage.example>
To: linux-distros@lists.example.org
Subject: Security problem in foo-utils
Date: ${cast.date(170)}
Message-ID: <6a1d2f0e-1@homepage.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit

Hello list,

please find the details below, I hope I got the encryption right.

${await cast.seal(
  'foo-cp --preserve follows ../ in archive member names.\nPublic on 2026-12-01 at 09:00 UTC.\n',
  {
    hidden: ['linux-distros'],
    options: ['--set-filename', 'report.txt'],
  },
)}
Best regards from Reykjav${utf8('í')}k,
Jon
`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'inline',
      signature: 'none',
      subject: 'Security problem in foo-utils',
      from: 'jon@homepage.example',
      textIncludes: [
        'I hope I got the encryption right',
        'foo-cp --preserve follows ../ in archive member names.',
        'Best regards from Reykjavík',
      ],
    },
  },
  {
    name: 'clearsign-pasted-in-flowed-webmail',
    why: "`gpg --clearsign` pasted in web mail that wraps it as format=flowed, which breaks a long line; the key is a stranger's, so it passes, marked.",
    build: async (cast) => {
      const long =
        'The temporary file of unpackd is predictable, and because it is opened without O_EXCL in a sticky directory that other users can write to, they own what root unpacks.';
      const signed = await cast.clearsign(
        `${long}\n\n- Affected: unpackd 1.0 to 1.9\nRelease date: 2026-12-02 15:00 UTC\n`,
        'ben',
      );
      return {
        mailFrom: 'ben@university.example',
        recipients: [LINUX_DISTROS],
        raw: raw(`Date: ${cast.date(165)}
From: Ben Bakker <ben@university.example>
To: linux-distros@lists.example.org
Subject: [vs] unpackd: predictable temporary file
Message-ID: <0c9b4a25f7d24d8e@webmail.university.example>
User-Agent: Roundcube Webmail/1.6.5
MIME-Version: 1.0
Content-Type: text/plain; charset=US-ASCII;
 format=flowed
Content-Transfer-Encoding: 7bit

${signed.replace(long, long.replace(/(.{1,70}) /g, '$1 \n'))}`),
      };
    },
    expect: {
      verdict: 'new-case',
      encryption: 'none',
      signature: 'unknown-key',
      subject: '[vs] unpackd: predictable temporary file',
      from: 'ben@university.example',
      textIncludes: ['Affected: unpackd 1.0 to 1.9', 'Release date: 2026-12-02 15:00 UTC'],
    },
  },
  {
    name: 'tar-xz-gpg-attached-to-clear-mail',
    why: 'The case of July 2026 (FIELD §2): a tagged clear mail with a reproducer encrypted by hand, .tar.xz.gpg, binary; members must get it opened. DOUBTFUL only in the name of the format.',
    build: async (cast) => ({
      mailFrom: 'kim@fuzzing.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`From: Kim Kwan <kim@fuzzing.example>
To: linux-distros@lists.example.org
Subject: [vs] KVM: out-of-bounds read in nested page walk
Date: ${cast.date(160)}
Message-ID: <aR4mZ1x9k0Hn3qTz@fuzzing.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="Lx2TqPzA0vYw9Qwe"
Content-Disposition: inline

--Lx2TqPzA0vYw9Qwe
Content-Type: text/plain; charset=us-ascii
Content-Disposition: inline

A guest reads one page past the shadow table. Details and the reproducer
are in the attachment, encrypted to the list's key.

Planned: 2026-12-02 14:00 UTC.

--Lx2TqPzA0vYw9Qwe
Content-Type: application/octet-stream
Content-Disposition: attachment; filename="kvm-repro.tar.xz.gpg"
Content-Transfer-Encoding: base64

${base64(
  await cast.seal(kvmRepro, {
    to: ['linux-distros'],
    armour: false,
    options: ['--set-filename', 'kvm-repro.tar.xz'],
  }),
)}

--Lx2TqPzA0vYw9Qwe--
`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'none',
      signature: 'none',
      subject: '[vs] KVM: out-of-bounds read in nested page walk',
      from: 'kim@fuzzing.example',
      textIncludes: ['A guest reads one page past the shadow table.'],
      openedParts: [file('kvm-repro.tar.xz', kvmRepro)],
      marks: ['text came in clear', 'opened for members only'],
      alsoRight: [{ encryption: 'inline', because: 'part of it was encrypted' }],
    },
  },
  {
    name: 'empty-body-armoured-attachment-only',
    why: 'Tagged mail with an empty text and report.txt.asc as its one attachment, declared text/plain by the mailer. DOUBTFUL only in the name of the format.',
    build: async (cast) => ({
      mailFrom: 'lena@consulting.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`From: Lena Lund <lena@consulting.example>
To: "linux-distros" <linux-distros@lists.example.org>
Subject: [vs] see attached
Date: ${cast.date(155)}
Message-ID: <1a2b3c4d5e6f@consulting.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=XXXXboundary_text

--XXXXboundary_text
Content-Type: text/plain; charset=utf-8


--XXXXboundary_text
Content-Type: text/plain; name="report.txt.asc"
Content-Disposition: attachment; filename="report.txt.asc"

${await cast.seal('imgconvert runs the delegate named in an SVG.\r\nDisclosure 2026-12-03 12:00 UTC.\r\n', {
  to: ['linux-distros'],
  options: ['--set-filename', 'report.txt'],
})}
--XXXXboundary_text--
`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'none',
      signature: 'none',
      subject: '[vs] see attached',
      from: 'lena@consulting.example',
      textIncludes: ['imgconvert runs the delegate named in an SVG.'],
      alsoRight: [{ encryption: 'inline', because: 'all that it says was encrypted' }],
    },
  },
  {
    name: 'untagged-binary-gpg-as-whole-body',
    why: 'Untagged mail whose whole body is one binary .gpg file (mailx -A): nothing is in clear, so it counts as encrypted; DOUBTFUL, it might wait for an administrator as an untagged mail.',
    build: async (cast) => ({
      mailFrom: 'moe@server.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`Date: ${cast.date(150)}
From: moe@server.example
To: linux-distros@lists.example.org
Subject: report
Message-ID: <20261123143700.6B1C02E0@server.example>
User-Agent: s-nail v14.9.24
MIME-Version: 1.0
Content-Type: application/pgp-encrypted
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="report.tar.xz.gpg"

${base64(
  await cast.seal(untaggedReport, {
    to: ['linux-distros'],
    armour: false,
    options: ['--set-filename', 'report.tar.xz'],
  }),
)}
`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'inline',
      signature: 'none',
      subject: 'report',
      from: 'moe@server.example',
      textIncludes: [],
      openedParts: [file('report.tar.xz', untaggedReport)],
      alsoRight: [
        { encryption: 'none', because: 'an encrypted attachment without text' },
        { encryption: 'pgp-mime', because: 'its type is of PGP/MIME' },
        {
          verdict: 'held',
          encryption: 'none',
          openedParts: [],
          because: 'untagged, and neither PGP/MIME nor armour',
        },
      ],
    },
  },
  {
    name: 'throw-keyids-second-of-two',
    why: 'Claws Mail with throw-keyids in gpg.conf: two wildcard packets, the first for the writer, so opening must go on past one that fails.',
    build: async (cast) => ({
      mailFrom: 'nils@privacy.example',
      recipients: [LINUX_DISTROS],
      raw: pgpMime({
        header: `Date: ${cast.date(145)}
From: Nils Noir <nils@privacy.example>
To: linux-distros@lists.example.org
Subject: Encrypted message
Message-ID: <20261123144000.3f1b2c4d@privacy>
X-Mailer: Claws Mail 4.2.0 (GTK 3.24.38; x86_64-pc-linux-gnu)
`,
        boundary: 'Sig_/8Jk=ZrYq+T1xVbN0u3oPcQe',
        cipherHeader: `Content-Type: application/octet-stream
Content-Disposition: attachment; filename=encrypted.asc
`,
        cipher: String(
          await cast.seal(
            raw(
              'Content-Type: text/plain; charset=US-ASCII\nContent-Transfer-Encoding: quoted-printable\nContent-Disposition: inline\n\ntordns answers from a cache that any local user can write (mode=3D0666).\nPublication: 2026-12-01T11:00Z\n',
            ),
            { to: ['mallory', 'linux-distros'], options: ['--throw-keyids'] },
          ),
        ),
      }),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'pgp-mime',
      signature: 'none',
      subject: 'Encrypted message',
      from: 'nils@privacy.example',
      textIncludes: ['any local user can write (mode=0666).'],
    },
  },
  {
    name: 'quoted-printable-armour-iso-8859-15',
    why: 'SquirrelMail: the armour is quoted-printable (=3D), carries "Charset: ISO-8859-15", and holds uncompressed Latin-9 text made in text mode.',
    build: async (cast) => ({
      mailFrom: 'odile@universite.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`Message-ID: <50123.192.0.2.7.1763908800.squirrel@webmail.universite.example>
Date: ${cast.date(140)}
Subject: mkpasswdd
From: "Odile Oury" <odile@universite.example>
To: linux-distros@lists.example.org
User-Agent: SquirrelMail/1.4.23 [SVN]
MIME-Version: 1.0
Content-Type: text/plain;charset=iso-8859-15
Content-Transfer-Encoding: quoted-printable
X-Priority: 3 (Normal)

${quotedPrintable(
  String(
    await cast.seal(
      encodedIn(
        'iso-8859-15',
        'mkpasswdd coûte 0 € à forcer: le sel est constant. Œuvre en cours.\nDate: 2026-12-02 10:00 UTC\n',
      ),
      { to: ['linux-distros'], options: ['--textmode', '--compress-algo', 'none'] },
    ),
  ).replace(/^(-----BEGIN PGP MESSAGE-----)$/m, '$1\nCharset: ISO-8859-15'),
)}`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'inline',
      signature: 'none',
      subject: 'mkpasswdd',
      from: 'odile@universite.example',
      textIncludes: ['mkpasswdd coûte 0 € à forcer: le sel est constant. Œuvre en cours.'],
      textExcludes: ['¤', '\ufffd'],
    },
  },
  {
    name: 'ragged-armour-mixed-line-ends',
    why: 'A web form hard-wraps the armour at 60 columns, so each line of 64 leaves a stub of 4, and indents nothing but adds trailing blanks; the text within mixes CRLF and LF; zlib.',
    build: async (cast) => {
      const armour = String(
        await cast.seal(
          'First line ended by DOS\r\npamcache keeps tokens after logout\nlast line 2026-12-01 08:00 UTC\r\n',
          {
            to: ['linux-distros'],
            options: ['--compress-algo', 'zlib'],
          },
        ),
      );
      return {
        mailFrom: 'www-data@portal.example',
        recipients: [LINUX_DISTROS],
        raw: raw(`To: linux-distros@lists.example.org
Subject: Contact form: security
From: Petra Pohl <petra@portal.example>
Sender: www-data@portal.example
Date: ${cast.date(135)}
Message-ID: <e3b0c44298fc1c14@portal.example>
X-PHP-Originating-Script: 33:contact.php

${armour.replace(/^[A-Za-z0-9+/=]{61,}$/gm, (line) => `${wrapped(line, 60)} `)}
`),
      };
    },
    expect: {
      verdict: 'new-case',
      encryption: 'inline',
      signature: 'none',
      subject: 'Contact form: security',
      from: 'petra@portal.example',
      textIncludes: [
        'First line ended by DOS',
        'pamcache keeps tokens after logout',
        'last line 2026-12-01 08:00 UTC',
      ],
    },
  },
  {
    name: 'encrypted-to-both-lists',
    why: 'Addressed and encrypted to both private lists at once (M6): one case, the wider audience, a warning.',
    build: async (cast) => ({
      mailFrom: 'ann@research.example',
      recipients: [LINUX_DISTROS, DISTROS],
      raw: pgpMime({
        header: `From: Ann Archer <ann@research.example>
To: linux-distros@lists.example.org, distros@lists.example.org
Subject: [vs] openssl-like library: double free in the ASN.1 printer
Date: ${cast.date(130)}
Message-ID: <both-lists-20261123@research.example>
`,
        boundary: '=-XqAYbB0f3Jm8vUyq0L2d',
        cipherHeader: `Content-Type: application/octet-stream; name="encrypted.asc"
Content-Description: This is an encrypted message part
`,
        cipher: String(
          await cast.seal(
            raw(
              'Content-Type: text/plain; charset="UTF-8"\nContent-Transfer-Encoding: 7bit\n\nBSD and Linux are both affected by the ASN.1 double free.\nRelease 2026-12-03 16:00 UTC.\n',
            ),
            { to: ['linux-distros', 'distros', 'ann'] },
          ),
        ),
      }),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'pgp-mime',
      signature: 'none',
      subject: '[vs] openssl-like library: double free in the ASN.1 printer',
      from: 'ann@research.example',
      textIncludes: ['BSD and Linux are both affected by the ASN.1 double free.'],
      list: 'distros',
      marks: ['sent to both lists'],
    },
  },
  {
    name: 'distros-mail-under-the-other-key',
    why: 'A reporter took the wrong list key: sent to distros, encrypted to linux-distros only (M6 opens with any of our mail keys).',
    build: async (cast) => ({
      mailFrom: 'quentin@bsd.example',
      recipients: [DISTROS],
      raw: raw(`From: Quentin Quist <quentin@bsd.example>
To: distros@lists.example.org
Subject: pkgtool signature bypass
Date: ${cast.date(125)}
Message-ID: <86cyzt1k9r.fsf@bsd.example>
MIME-Version: 1.0
Content-Type: text/plain; x-mutt-action=pgp-encrypt; charset=utf-8
Content-Transfer-Encoding: 7bit

${await cast.seal('pkgtool accepts an empty signature file.\nPlan: 2026-12-02T16:00Z.\n', { to: ['linux-distros'] })}`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'inline',
      signature: 'none',
      subject: 'pkgtool signature bypass',
      from: 'quentin@bsd.example',
      textIncludes: ['pkgtool accepts an empty signature file.'],
      list: 'distros',
    },
  },
  {
    name: 'armour-in-html-only',
    why: 'Web mail sent the pasted armour as HTML only, a <br> per line and + as an entity; DOUBTFUL, holding it as unopenable is as safe, passing it unread is not.',
    build: async (cast) => {
      const armour = String(
        await cast.seal('sambaish leaks heap bytes in negotiate replies.\nTuesday 2026-12-01 16:00 UTC.\n', {
          to: ['linux-distros'],
        }),
      );
      const html = armour.trimEnd().replaceAll('+', '&#43;').split('\n').join('<br>\r\n');
      return {
        mailFrom: 'rosa@portal.example',
        recipients: [LINUX_DISTROS],
        raw: raw(`From: Rosa Reyes <rosa@portal.example>
To: linux-distros@lists.example.org
Subject: [vs] sambaish
Date: ${cast.date(120)}
Message-ID: <1763910000.99.1@portal.example>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

${base64(bytesOf(`<html><body><div style="font-family: sans-serif">${html}</div></body></html>`))}
`),
      };
    },
    expect: {
      verdict: 'new-case',
      encryption: 'inline',
      signature: 'none',
      subject: '[vs] sambaish',
      from: 'rosa@portal.example',
      textIncludes: ['sambaish leaks heap bytes in negotiate replies.'],
      alsoRight: [
        { verdict: 'held', textIncludes: [], because: 'not among the formats promised; held as unopenable' },
        { verdict: 'held', encryption: 'none', textIncludes: [], because: 'the same, named otherwise' },
      ],
    },
  },
];
