// Mail that machines write, which never enters a case, and one human report that only sounds like it.

import { caseAddress, type HeldOutMail, LINUX_DISTROS } from '../held-out-mail.ts';
import { raw, utf8, word } from '../write-mail.ts';

const ANNS_REPORT = 'thunderbird-115-signed-key-inside';

const heldToo = [
  { verdict: 'held', because: 'it must not enter a case; who looks at it is left open' },
] as const;

export const machines: readonly HeldOutMail[] = [
  {
    name: 'outlook-automatic-reply',
    why: 'Exchange out-of-office answer to the list, null return path, localised subject that quotes a tagged one.',
    build: async (cast) => ({
      mailFrom: '',
      recipients: [LINUX_DISTROS],
      raw: raw(`From: "Example, Erika" <erika@firma.example>
To: "linux-distros@lists.example.org" <linux-distros@lists.example.org>
Subject: ${word('utf-8', utf8('Automatische Antwort: [vs] Lücke in updaterd'))}
Thread-Topic: [vs] updaterd
Date: ${cast.date(40)}
Message-ID: <d41d8cd98f00b204e9800998ecf8427e@EX01.firma.example>
X-Auto-Response-Suppress: All
auto-submitted: auto-generated
X-MS-Exchange-Inbox-Rules-Loop: erika@firma.example
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: 8bit

${utf8('Ich bin bis zum 7. Dezember nicht im Büro.')}
`),
    }),
    expect: {
      verdict: 'refused',
      encryption: 'none',
      signature: 'none',
      subject: 'Automatische Antwort: [vs] Lücke in updaterd',
      from: 'erika@firma.example',
      textIncludes: [],
      alsoRight: heldToo,
    },
  },
  {
    name: 'vacation-answers-a-case-copy',
    why: "vacation(1) on a member's machine answers a copy: to the case address, In-Reply-To the list's id, Auto-Submitted, Precedence: bulk.",
    after: [ANNS_REPORT],
    build: async (cast, earlier) => ({
      mailFrom: '',
      recipients: [caseAddress(earlier.caseNumberOf(ANNS_REPORT))],
      raw: raw(`From: Rita Rossi <rita@debian.example>
To: ${caseAddress(earlier.caseNumberOf(ANNS_REPORT))}
Subject: away from my mail
Auto-Submitted: auto-replied (vacation)
Precedence: bulk
In-Reply-To: ${earlier.messageIdOf(ANNS_REPORT)}
References: ${earlier.messageIdOf(ANNS_REPORT)}
Date: ${cast.date(38)}
Message-ID: <20261123162900.9D3A41F0A1@debian.example>

I will not be reading my mail for a while.
`),
    }),
    expect: {
      verdict: 'refused',
      encryption: 'none',
      signature: 'none',
      subject: 'away from my mail',
      from: 'rita@debian.example',
      textIncludes: [],
      alsoRight: heldToo,
    },
  },
  {
    name: 'bounce-to-the-list-address',
    why: 'A postfix DSN (RFC 3464) sent to the list address itself, returning the headers of a tagged mail.',
    build: async (cast) => ({
      mailFrom: '',
      recipients: [LINUX_DISTROS],
      raw: raw(`Date: ${cast.date(36)}
From: MAILER-DAEMON@mx.suse.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: linux-distros@lists.example.org
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4F8C31C0A2.1763916600/mx.suse.example"
Content-Transfer-Encoding: 8bit
Message-Id: <20261123163100.77B0A1C0A9@mx.suse.example>

This is a MIME-encapsulated message.

--4F8C31C0A2.1763916600/mx.suse.example
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

This is the mail system at host mx.suse.example.

<security@suse.example>: mailbox full (in reply to RCPT TO command)

--4F8C31C0A2.1763916600/mx.suse.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.suse.example
Arrival-Date: ${cast.date(37)}

Final-Recipient: rfc822; security@suse.example
Action: failed
Status: 5.2.2

--4F8C31C0A2.1763916600/mx.suse.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: "Ann Archer via linux-distros" <linux-distros@lists.example.org>
Subject: [vs] something
Message-ID: <returned-1@lists.example.org>

--4F8C31C0A2.1763916600/mx.suse.example--
`),
    }),
    expect: {
      verdict: 'refused',
      encryption: 'none',
      signature: 'none',
      subject: 'Undelivered Mail Returned to Sender',
      from: 'MAILER-DAEMON@mx.suse.example',
      textIncludes: [],
      alsoRight: heldToo,
    },
  },
  {
    name: 'own-copy-comes-back-in-a-loop',
    why: "A member's exploder decrypted a copy and sent it back to the list, with the list's own From, List-Id and List-Post still on it, tagged and in clear.",
    build: async (cast) => ({
      mailFrom: 'security-bounces@debian.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`Received: from exploder.debian.example (192.0.2.31) by mx.debian.example; ${cast.date(34)}
Received: from lists.example.org (192.0.2.1) by exploder.debian.example; ${cast.date(35)}
Delivered-To: linux-distros@lists.example.org
Delivered-To: security@debian.example
Resent-From: security@debian.example
Resent-To: linux-distros@lists.example.org
From: "Igor Ilin via linux-distros" <linux-distros@lists.example.org>
To: linux-distros@lists.example.org
Reply-To: linux-distros+vs-2026-4242@lists.example.org
List-Id: <linux-distros.lists.example.org>
List-Post: <mailto:linux-distros@lists.example.org>
Subject: [vs] ldapcache: signed integer wrap in BER lengths
Date: ${cast.date(35)}
Message-ID: <looped-1@lists.example.org>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

A BER length of 0xFFFFFFFF wraps to -1 and passes the check in ldapcache.
`),
    }),
    expect: {
      verdict: 'refused',
      encryption: 'none',
      signature: 'none',
      subject: '[vs] ldapcache: signed integer wrap in BER lengths',
      from: 'linux-distros@lists.example.org',
      textIncludes: [],
      marks: ['loop'],
      alsoRight: heldToo,
    },
  },
  {
    name: 'report-that-sounds-like-a-bounce',
    why: 'A human report whose subject and text speak of bounces and automatic replies (TECH: Schleuder swallowed such subjects); it must pass.',
    build: async (cast) => ({
      mailFrom: 'uma@mailsec.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`From: Uma Unger <uma@mailsec.example>
To: linux-distros@lists.example.org
Subject: Undelivered Mail Returned to Sender: parser RCE [vs] (automatic reply, out of office)
Date: ${cast.date(32)}
Message-ID: <bounce-parser-rce@mailsec.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

bouncehandler evaluates this block of a delivery report as shell:

    Auto-Submitted: auto-replied
    Final-Recipient: rfc822; \`id\`@example.org
    Action: failed

MAILER-DAEMON is not checked. Release: 2026-12-01 15:30 UTC.
`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'none',
      signature: 'none',
      subject: 'Undelivered Mail Returned to Sender: parser RCE [vs] (automatic reply, out of office)',
      from: 'uma@mailsec.example',
      textIncludes: ['MAILER-DAEMON is not checked.', 'bouncehandler evaluates this block'],
    },
  },
];
