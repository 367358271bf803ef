// What must wait for an administrator: untagged, or sealed so that nobody here can open it.

import { type HeldOutMail, LINUX_DISTROS } from '../held-out-mail.ts';
import { pgpMime, raw } from '../write-mail.ts';

export const nothingToOpen: readonly HeldOutMail[] = [
  {
    name: 'clear-without-tag',
    why: 'An ordinary clear mail whose subject has "vs" without brackets and whose text has the tag: not tagged, not encrypted, held.',
    build: async (cast) => ({
      mailFrom: 'victor@shop.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`From: Victor Vance <victor@shop.example>
To: linux-distros@lists.example.org
Subject: Debian vs. Fedora: security question
Date: ${cast.date(30)}
Message-ID: <vs-question@shop.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

I found something in tarish but first want to ask whom to tell. [vs]
`),
    }),
    expect: {
      verdict: 'held',
      encryption: 'none',
      signature: 'none',
      subject: 'Debian vs. Fedora: security question',
      from: 'victor@shop.example',
      textIncludes: [],
    },
  },
  {
    name: 'encrypted-to-a-foreign-key-only',
    why: 'PGP/MIME encrypted by mistake to the reporter alone: nobody here can open it, so it waits with an owner (T8).',
    build: async (cast) => ({
      mailFrom: 'ben@university.example',
      recipients: [LINUX_DISTROS],
      raw: pgpMime({
        header: `From: Ben Bakker <ben@university.example>
To: linux-distros@lists.example.org
Subject: ...
Date: ${cast.date(28)}
Message-ID: <to-myself@lab7.university.example>
`,
        boundary: 'only-me',
        cipher: String(
          await cast.seal(raw('Content-Type: text/plain\n\nI forgot the list.\n'), {
            to: ['ben'],
            signedBy: 'ben',
          }),
        ),
      }),
    }),
    expect: {
      verdict: 'held',
      encryption: 'pgp-mime',
      signature: 'none',
      subject: '...',
      from: 'ben@university.example',
      textIncludes: [],
      marks: ['unopenable'],
      alsoRight: [{ signature: 'unknown-key', because: 'nothing can be said of a signature nobody can see' }],
    },
  },
  {
    name: 'armour-cut-short',
    why: 'Tagged mail whose pasted armour lost its second half and its END line: unopenable, so held, not passed on unread.',
    build: async (cast) => {
      const armour = String(
        await cast.seal(
          `The details of sshfsish follow.\n${'All of this is lost on the way.\n'.repeat(40)}`,
          {
            to: ['linux-distros'],
            options: ['--compress-algo', 'none'],
          },
        ),
      );
      return {
        mailFrom: 'wim@terminal.example',
        recipients: [LINUX_DISTROS],
        raw: raw(`From: Wim Wolters <wim@terminal.example>
To: linux-distros@lists.example.org
Subject: [vs] sshfsish
Date: ${cast.date(26)}
Message-ID: <cut-short@terminal.example>

${armour.split('\n').slice(0, 14).join('\n')}
`),
      };
    },
    expect: {
      verdict: 'held',
      encryption: 'inline',
      signature: 'none',
      subject: '[vs] sshfsish',
      from: 'wim@terminal.example',
      textIncludes: [],
      marks: ['unopenable'],
      alsoRight: [{ encryption: 'none', because: 'no complete armour' }],
    },
  },
  {
    name: 'clear-text-in-fake-armour',
    why: 'Untagged prose between BEGIN and END PGP MESSAGE, to pass as encrypted (K2): held.',
    build: async (cast) => ({
      mailFrom: 'xenia@spam.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`From: Xenia X <xenia@spam.example>
To: linux-distros@lists.example.org
Subject: Important offer
Date: ${cast.date(24)}
Message-ID: <fake-armour@spam.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii

-----BEGIN PGP MESSAGE-----

Dear security team, buy our scanner, it finds everything.
Call today!
=abcd
-----END PGP MESSAGE-----
`),
    }),
    expect: {
      verdict: 'held',
      encryption: 'none',
      signature: 'none',
      subject: 'Important offer',
      from: 'xenia@spam.example',
      textIncludes: [],
      alsoRight: [{ encryption: 'inline', because: 'armour in form' }],
    },
  },
];
