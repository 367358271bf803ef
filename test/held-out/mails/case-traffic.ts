// What follows a report: replies by all kinds of people, and what only looks like a reply.

import { caseAddress, type HeldOutMail, LINUX_DISTROS } from '../held-out-mail.ts';
import { encodedIn, pgpMime, quotedPrintable, raw, utf8 } from '../write-mail.ts';

const ANNS_REPORT = 'thunderbird-115-signed-key-inside';
const BENS_REPORT = 'kmail-signed-inside-encrypted';

export const caseTraffic: readonly HeldOutMail[] = [
  {
    name: 'reporter-follows-up-signed',
    why: "Ann answers the list's copy from Thunderbird, signed with the certificate pinned by her report (A1), no key attached this time.",
    after: [ANNS_REPORT],
    build: async (cast, earlier) => {
      const address = caseAddress(earlier.caseNumberOf(ANNS_REPORT));
      const parent = earlier.messageIdOf(ANNS_REPORT);
      const payload = `Content-Type: multipart/mixed; boundary="------------fu1"; protected-headers="v1"
From: Ann Archer <ann@research.example>
To: ${address}
Message-ID: <9d0f6f8a-4a39-4e2d-8b0a-77d2f6b1c933@research.example>
In-Reply-To: ${parent}
References: <b8c0ad54-2f2e-4a57-bb1d-61fb4f5b7c22@research.example>
 ${parent}
Subject: Re: [vs] net/sched: use-after-free in the qfoo qdisc

--------------fu1
Content-Type: text/plain; charset=UTF-8; format=flowed
Content-Transfer-Encoding: 7bit

The fix was reviewed upstream; it applies to 5.15 and later.

> When will the fix be public?
As proposed.

--------------fu1--
`;
      return {
        mailFrom: 'ann@research.example',
        recipients: [address],
        raw: pgpMime({
          header: `Message-ID: <9d0f6f8a-4a39-4e2d-8b0a-77d2f6b1c933@research.example>
Date: ${cast.date(85)}
User-Agent: Mozilla Thunderbird
Subject: ...
To: ${address}
References: <b8c0ad54-2f2e-4a57-bb1d-61fb4f5b7c22@research.example>
 ${parent}
From: Ann Archer <ann@research.example>
In-Reply-To: ${parent}
`,
          preamble: 'This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)',
          boundary: '------------xB7QeFh0Tq',
          cipher: String(await cast.seal(raw(payload), { to: ['linux-distros', 'ann'], signedBy: 'ann' })),
        }),
      };
    },
    expect: {
      verdict: 'reply',
      caseOf: ANNS_REPORT,
      encryption: 'pgp-mime',
      signature: 'valid',
      signer: 'ann',
      subject: 'Re: [vs] net/sched: use-after-free in the qfoo qdisc',
      from: 'ann@research.example',
      textIncludes: ['it applies to 5.15 and later'],
      signedTextIncludes: ['it applies to 5.15 and later'],
    },
  },
  {
    name: 'kernel-maintainer-answers-in-clear',
    why: "A kernel maintainer unknown to the list replies to all in clear and untagged, naming only the reporter's own Message-ID (R5, M3).",
    after: [ANNS_REPORT],
    build: async (cast) => ({
      mailFrom: 'torvald@kernel.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`Date: ${cast.date(80)}
From: Torvald Tamm <torvald@kernel.example>
To: Ann Archer <ann@research.example>
Cc: security@kernel.example, linux-distros@lists.example.org
Subject: Re: qfoo patches
Message-ID: <2026112338-gallstone-unlit-d2c9@gregkh>
References: <b8c0ad54-2f2e-4a57-bb1d-61fb4f5b7c22@research.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii
Content-Disposition: inline
In-Reply-To: <b8c0ad54-2f2e-4a57-bb1d-61fb4f5b7c22@research.example>

On Mon, Nov 23, 2026 at 04:00:00PM +0000, Ann Archer wrote:
> qfoo_destroy() frees the class table while a dump still walks it

Patch is queued, will go to Linus on the agreed day.

thanks,

torvald t-m
`),
    }),
    expect: {
      verdict: 'reply',
      caseOf: ANNS_REPORT,
      encryption: 'none',
      signature: 'none',
      subject: 'Re: qfoo patches',
      from: 'torvald@kernel.example',
      textIncludes: ['Patch is queued, will go to Linus on the agreed day.'],
      marks: ['unauthenticated'],
    },
  },
  {
    name: 'rita-replies-signed-and-encrypted',
    why: "A representative answers to the case address from NeoMutt, signed and encrypted in one pass, replying to the list's copy.",
    after: [ANNS_REPORT],
    build: async (cast, earlier) => {
      const address = caseAddress(earlier.caseNumberOf(ANNS_REPORT));
      const parent = earlier.messageIdOf(ANNS_REPORT);
      return {
        mailFrom: 'rita@debian.example',
        recipients: [address],
        raw: pgpMime({
          header: `Date: ${cast.date(75)}
From: Rita Rossi <rita@debian.example>
To: Ann Archer via linux-distros <${address}>
Subject: ...
Message-ID: <aSNsB0rGxk0h9WqR@debian.example>
References: ${parent}
In-Reply-To: ${parent}
`,
          boundary: 'y0ulUmNC+osPPQO6',
          controlHeader: 'Content-Disposition: attachment\n',
          cipherHeader: `Content-Type: application/octet-stream
Content-Disposition: attachment; filename="msg.asc"
`,
          cipher: String(
            await cast.seal(
              raw(`Content-Type: text/plain; charset=utf-8; protected-headers="v1"
Content-Disposition: inline
Content-Transfer-Encoding: quoted-printable
Subject: Re: [vs] net/sched: use-after-free in the qfoo qdisc

${quotedPrintable(utf8('Debian is affected from bookworm on; we tested the patch — it works.\n'))}`),
              { to: ['linux-distros', 'rita'], signedBy: 'rita' },
            ),
          ),
        }),
      };
    },
    expect: {
      verdict: 'reply',
      caseOf: ANNS_REPORT,
      encryption: 'pgp-mime',
      signature: 'valid',
      signer: 'rita',
      subject: 'Re: [vs] net/sched: use-after-free in the qfoo qdisc',
      from: 'rita@debian.example',
      textIncludes: ['we tested the patch — it works.'],
      signedTextIncludes: ['Debian is affected from bookworm on'],
    },
  },
  {
    name: 'rita-replies-in-clear-from-outlook',
    why: 'The same person from Outlook in clear: Windows-1252, no References or In-Reply-To, only Thread-Index and the case address, typed with the capitals of the case id.',
    after: [BENS_REPORT],
    build: async (cast, earlier) => {
      const address = caseAddress(earlier.caseNumberOf(BENS_REPORT)).replace('+vs-', '+VS-');
      const text = encodedIn(
        'windows-1252',
        '“initthing” isn’t in our stable release – only in testing.\nCost of a fix: 0 €\n\nFrom: Ben Bakker via linux-distros\nSent: Monday\n> follows a symlink\n',
      );
      return {
        mailFrom: 'rita@debian.example',
        recipients: [address],
        raw: raw(`From: Rita Rossi <rita@debian.example>
To: "'Ben Bakker via linux-distros'" <${address}>
Subject: RE: initthing
Date: ${cast.date(70)}
Message-ID: <000001db3da1$b5e1c2f0$21a548d0$@debian.example>
MIME-Version: 1.0
Content-Type: multipart/alternative;
	boundary="----=_NextPart_000_0001_01DB3DA1.B5E1C2F0"
X-Mailer: Microsoft Outlook 16.0
Thread-Index: AQHV0k1m7pQ0m9tZk0Wc1Zg4u3bYpQ==
Content-Language: en-us

This is a multipart message in MIME format.

------=_NextPart_000_0001_01DB3DA1.B5E1C2F0
Content-Type: text/plain;
	charset="Windows-1252"
Content-Transfer-Encoding: quoted-printable

${quotedPrintable(text)}

------=_NextPart_000_0001_01DB3DA1.B5E1C2F0
Content-Type: text/html;
	charset="Windows-1252"
Content-Transfer-Encoding: quoted-printable

${quotedPrintable(`<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><p class=MsoNormal>${text}</p></body></html>`)}

------=_NextPart_000_0001_01DB3DA1.B5E1C2F0--
`),
      };
    },
    expect: {
      verdict: 'reply',
      caseOf: BENS_REPORT,
      encryption: 'none',
      signature: 'none',
      subject: 'RE: initthing',
      from: 'rita@debian.example',
      textIncludes: ['“initthing” isn’t in our stable release – only in testing.', 'Cost of a fix: 0 €'],
    },
  },
  {
    name: 'case-address-that-never-was',
    why: 'Clear, untagged mail to a well-formed case address of last year, which cannot exist: 250 at RCPT (R8), then judged as a new report (R5) and held.',
    build: async (cast) => ({
      mailFrom: 'guesser@elsewhere.example',
      recipients: ['linux-distros+vs-2025-0007@lists.example.org'],
      raw: raw(`From: A. Guesser <guesser@elsewhere.example>
To: linux-distros+vs-2025-0007@lists.example.org
Subject: Re: VS-2025-0007
Date: ${cast.date(65)}
Message-ID: <guess-7@elsewhere.example>
In-Reply-To: <never-was@lists.example.org>

Any news on this one?
`),
    }),
    expect: {
      verdict: 'held',
      encryption: 'none',
      signature: 'none',
      subject: 'Re: VS-2025-0007',
      from: 'guesser@elsewhere.example',
      textIncludes: [],
    },
  },
  {
    name: 'new-topic-on-an-old-thread',
    why: 'Ben starts a new [vs] by replying to his old thread, encrypted to the bare list (R2: members only, and ask); DOUBTFUL whether it opens a case, joins the old one for members only, or waits.',
    after: [BENS_REPORT],
    build: async (cast, earlier) => ({
      mailFrom: 'ben@university.example',
      recipients: [LINUX_DISTROS],
      raw: pgpMime({
        header: `From: Ben Bakker <ben@university.example>
To: linux-distros@lists.example.org
Subject: [vs] another one: journalthing reads logs of other users
Date: ${cast.date(60)}
Message-ID: <3901447.kQq0lBPeGt@lab7>
In-Reply-To: ${earlier.messageIdOf(BENS_REPORT)}
References: <4867132.vXUDI8C0e8@lab7> ${earlier.messageIdOf(BENS_REPORT)}
`,
        boundary: 'nextPart11.newtopic',
        cipher: String(
          await cast.seal(
            raw(
              'Content-Type: text/plain; charset="us-ascii"\n\njournalthing --user=0 is not refused to others.\nRelease 2026-12-03 10:00 UTC\n',
            ),
            { to: ['linux-distros'] },
          ),
        ),
      }),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'pgp-mime',
      signature: 'none',
      subject: '[vs] another one: journalthing reads logs of other users',
      from: 'ben@university.example',
      textIncludes: ['journalthing --user=0 is not refused to others.'],
      marks: ['members only', 'asked'],
      alsoRight: [
        { verdict: 'reply', caseOf: BENS_REPORT, because: 'filed with its thread, members only, and asked' },
        { verdict: 'held', textIncludes: [], because: 'the audience is doubtful' },
      ],
    },
  },
  {
    name: 'replay-in-a-new-wrapper',
    why: "A stranger mails Ben's old ciphertext again under her own header: the same content and signature (T8), held as a replay, never a second case; refusing is allowed too.",
    after: [BENS_REPORT],
    build: async (cast) => {
      const first = cast.built.get(BENS_REPORT);
      if (!first) throw new Error(`${BENS_REPORT} must be built before its replay`);
      const armour = /-----BEGIN PGP MESSAGE-----[\s\S]*-----END PGP MESSAGE-----/.exec(
        Buffer.from(first.raw).toString('latin1'),
      );
      return {
        mailFrom: 'mallory@elsewhere.example',
        recipients: [LINUX_DISTROS],
        raw: pgpMime({
          header: `From: Mallory Moss <mallory@elsewhere.example>
To: linux-distros@lists.example.org
Subject: [vs] please look
Date: ${cast.date(55)}
Message-ID: <replay-1@elsewhere.example>
`,
          boundary: 'again',
          cipher: `${armour?.[0] ?? ''}\n`,
        }),
      };
    },
    expect: {
      verdict: 'held',
      encryption: 'pgp-mime',
      signature: 'unknown-key',
      subject: '[vs] please look',
      from: 'mallory@elsewhere.example',
      textIncludes: [],
      marks: ['replay'],
      alsoRight: [{ verdict: 'refused', because: 'the settled texts name no verdict for a replay' }],
    },
  },
  {
    name: 'repeated-message-id-other-content',
    why: 'A new encrypted report under the Message-ID of an earlier one (a broken script, or an attempt to swallow it): it only marks (T8).',
    after: [ANNS_REPORT],
    build: async (cast) => ({
      mailFrom: 'mallory@elsewhere.example',
      recipients: [LINUX_DISTROS],
      raw: pgpMime({
        header: `From: Mallory Moss <mallory@elsewhere.example>
To: linux-distros@lists.example.org
Subject: [vs] zonedd: cache poisoning
Date: ${cast.date(50)}
Message-ID: <b8c0ad54-2f2e-4a57-bb1d-61fb4f5b7c22@research.example>
`,
        boundary: 'mm-1',
        cipher: String(
          await cast.seal(
            raw(
              'Content-Type: text/plain\n\nzonedd uses source port 53 for every query.\nRelease 2026-12-01 12:30 UTC\n',
            ),
            { to: ['linux-distros'], signedBy: 'mallory' },
          ),
        ),
      }),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'pgp-mime',
      signature: 'unknown-key',
      subject: '[vs] zonedd: cache poisoning',
      from: 'mallory@elsewhere.example',
      textIncludes: ['zonedd uses source port 53 for every query.'],
      marks: ['repeated Message-ID'],
    },
  },
  {
    name: 'public-list-in-cc',
    why: 'A tagged clear report with oss-security in Cc (M6): an alarm, public at receipt; DOUBTFUL, members should have it, yet the rule may hold it.',
    build: async (cast) => ({
      mailFrom: 'tom@hurry.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`From: Tom Tritt <tom@hurry.example>
To: linux-distros@lists.example.org
Cc: oss-security@lists.example.org, oss-security@lists.openwall.com
Subject: [vs] yamlish: arbitrary object construction
Date: ${cast.date(45)}
Message-ID: <CAHurry1@hurry.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

yamlish builds any class named in a tag.
`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'none',
      signature: 'none',
      subject: '[vs] yamlish: arbitrary object construction',
      from: 'tom@hurry.example',
      textIncludes: ['yamlish builds any class named in a tag.'],
      marks: ['public at receipt'],
      alsoRight: [{ verdict: 'held', textIncludes: [], because: 'a rule of the judge, with an alarm' }],
    },
  },
];
