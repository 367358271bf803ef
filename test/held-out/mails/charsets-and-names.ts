// Clear, tagged mail of the world: charsets, encoded words, names in pieces, no declarations at all.

import { type HeldOutMail, LINUX_DISTROS } from '../held-out-mail.ts';
import {
  archiveLike,
  base64,
  bytesOf,
  encodedIn,
  file,
  quotedPrintable,
  raw,
  textFile,
  utf8,
  word,
  XZ_MAGIC,
} from '../write-mail.ts';

const foxmailArchive = archiveLike(XZ_MAGIC, 'foxmail', 700);
const longNamedPatch = `--- a/über.c\n+++ b/über.c\n@@ -1 +1 @@\n-gets(b);\n+fgets(b, n, f);\n`;
const koi8 = (text: string) => encodedIn('koi8-r', text);
const gb18030 = (text: string) => encodedIn('gb18030', text);

export const charsetsAndNames: readonly HeldOutMail[] = [
  {
    name: 'script-without-id-date-or-charset',
    why: 'A shell script piping into sendmail: no Message-ID, no Date, no MIME at all, UTF-8 undeclared, tag in the middle of the subject.',
    build: async () => ({
      mailFrom: 'root@build7.example',
      recipients: [LINUX_DISTROS],
      raw: raw(
        `From: root@build7.example
To: linux-distros@lists.example.org
Subject: fuzzing result [vs] webpish

Fünf Abstürze in webpish 1.4 – heap-buffer-overflow, write of size 8.
Embargo: 2026-12-01 09:00 UTC
`.replace(/[\x80-\uffff]/g, utf8),
      ),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'none',
      signature: 'none',
      subject: 'fuzzing result [vs] webpish',
      from: 'root@build7.example',
      textIncludes: ['Fünf Abstürze in webpish 1.4 – heap-buffer-overflow'],
      textExcludes: ['Ã¼', '\ufffd'],
    },
  },
  {
    name: 'foxmail-gb18030-base64',
    why: 'Foxmail: subject, text and file name in GB18030 with base64, sender named in GB18030, attachment named only by name= as an encoded word.',
    build: async (cast) => ({
      mailFrom: 'yang@foxmail.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`Date: ${cast.date(22)}
From: "${word('GB18030', gb18030('杨阳'))}" <yang@foxmail.example>
To: linux-distros <linux-distros@lists.example.org>
Subject: ${word('GB18030', gb18030('[vs] 输入法守护进程提权漏洞'))}
X-Priority: 3
X-Has-Attach: yes
X-Mailer: Foxmail 7.2.25.228[cn]
Mime-Version: 1.0
Message-ID: <202611231638123456789@foxmail.example>
Content-Type: multipart/mixed;
	boundary="----=_001_NextPart628461037518_=----"

This is a multi-part message in MIME format.

------=_001_NextPart628461037518_=----
Content-Type: text/plain;
	charset="GB18030"
Content-Transfer-Encoding: base64

${base64(bytesOf(gb18030('本地用户可通过套接字以 root 身份执行命令。\r\n公开时间: 2026-12-02 08:00 UTC\r\n')))}

------=_001_NextPart628461037518_=----
Content-Type: application/octet-stream;
	name="${word('GB18030', gb18030('漏洞复现.tar.xz'))}"
Content-Transfer-Encoding: base64
Content-Disposition: attachment

${base64(foxmailArchive)}

------=_001_NextPart628461037518_=------
`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'none',
      signature: 'none',
      subject: '[vs] 输入法守护进程提权漏洞',
      from: 'yang@foxmail.example',
      textIncludes: ['本地用户可通过套接字以 root 身份执行命令。', '公开时间: 2026-12-02 08:00 UTC'],
      attachments: [file('漏洞复现.tar.xz', foxmailArchive)],
    },
  },
  {
    name: 'the-bat-koi8-r-re-vs-in-capitals',
    why: 'The Bat! in KOI8-R, 8-bit, "Re: [VS]" in capitals answering a mail that the list never had: judged as a new report (R5), and tagged.',
    build: async (cast) => ({
      mailFrom: 'yuri@pochta.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`Date: ${cast.date(20)}
From: ${word('koi8-r', koi8('Юрий'))} <yuri@pochta.example>
X-Mailer: The Bat! (v3.99.3) Professional
Message-ID: <1234567890.20261123164000@pochta.example>
To: linux-distros@lists.example.org
Subject: Re: [VS] ${word('koi8-r', koi8('уязвимость в'))}
 ${word('koi8-r', koi8(' почтовом сервере'))}
In-Reply-To: <never.came.to.the.list@pochta.example>
References: <never.came.to.the.list@pochta.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=koi8-r
Content-Transfer-Encoding: 8bit

${koi8('Переполнение буфера в разборе команды VRFY.\nДата публикации: 2026-12-03 12:00 UTC\n')}`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'none',
      signature: 'none',
      subject: 'Re: [VS] уязвимость в почтовом сервере',
      from: 'yuri@pochta.example',
      textIncludes: ['Переполнение буфера в разборе команды VRFY.'],
    },
  },
  {
    name: 'long-subject-and-name-in-pieces',
    why: 'Thunderbird in clear: a subject of five folded encoded words that split between words, and an attachment name in RFC 2231 pieces; the patch is inline.',
    build: async (cast) => ({
      mailFrom: 'zoe@uebersicht.example',
      recipients: [LINUX_DISTROS],
      raw: raw(
        `Message-ID: <long-subject-1@uebersicht.example>
Date: ${cast.date(18)}
MIME-Version: 1.0
User-Agent: Mozilla Thunderbird
To: linux-distros@lists.example.org
From: =?UTF-8?Q?Zo=C3=AB_Z=C3=BCrcher?= <zoe@uebersicht.example>
Subject: =?UTF-8?B?${Buffer.from('[vs] Überlanger Betreff: Heap-Überlauf').toString('base64')}?=
 =?UTF-8?B?${Buffer.from(' in der Übersetzung von Zeichensätzen').toString('base64')}?=
 =?UTF-8?Q?_der_Bibliothek_=C3=BCberconv=2C_auch?=
 =?UTF-8?Q?_in_=C3=A4lteren_Fassungen?=
 =?UTF-8?Q?_bis_0=2E9?=
Content-Type: multipart/mixed; boundary="------------Q9w8e7"

This is a multi-part message in MIME format.
--------------Q9w8e7
Content-Type: text/plain; charset=UTF-8; format=flowed
Content-Transfer-Encoding: 8bit

${utf8('überconv ruft gets() auf.')}
Veröffentlichung: 2026-12-02 16:00 UTC

--------------Q9w8e7
Content-Type: text/x-patch; charset=UTF-8;
 name*0*=UTF-8''%C3%9Cbersicht%20der%20%C3%84nderungen%20an%20;
 name*1*=%C3%BCber; name*2=".c.patch"
Content-Disposition: inline;
 filename*0*=UTF-8''%C3%9Cbersicht%20der%20%C3%84nderungen%20an%20;
 filename*1*=%C3%BCber; filename*2=".c.patch"
Content-Transfer-Encoding: base64

${base64(bytesOf(utf8(longNamedPatch)))}

--------------Q9w8e7--
`.replace('Veröffentlichung', utf8('Veröffentlichung')),
      ),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'none',
      signature: 'none',
      subject:
        '[vs] Überlanger Betreff: Heap-Überlauf in der Übersetzung von Zeichensätzen der Bibliothek überconv, auch in älteren Fassungen bis 0.9',
      from: 'zoe@uebersicht.example',
      textIncludes: ['überconv ruft gets() auf.', 'Veröffentlichung: 2026-12-02'],
      attachments: [textFile('Übersicht der Änderungen an über.c.patch', utf8(longNamedPatch))],
    },
  },
  {
    name: 'vs-plain-on-a-known-thread',
    why: "A participant answers the list's copy of a clear report, which bears [vs-plain]: not a new [vs], but a reply by its References.",
    after: ['long-subject-and-name-in-pieces'],
    build: async (cast, earlier) => ({
      mailFrom: 'upstream@ueberconv.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`From: Upstream Ulla <upstream@ueberconv.example>
To: linux-distros@lists.example.org
Subject: RE: [vs-plain] =?ISO-8859-1?Q?=DCberlanger_Betreff?=
Date: ${cast.date(16)}
Message-ID: <vs-plain-answer@ueberconv.example>
References: <long-subject-1@uebersicht.example>
 ${earlier.messageIdOf('long-subject-and-name-in-pieces')}
MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii

We will release 0.10 on that day.
`),
    }),
    expect: {
      verdict: 'reply',
      caseOf: 'long-subject-and-name-in-pieces',
      encryption: 'none',
      signature: 'none',
      subject: 'RE: [vs-plain] Überlanger Betreff',
      from: 'upstream@ueberconv.example',
      textIncludes: ['We will release 0.10 on that day.'],
    },
  },
  {
    name: 'html-only-with-tag',
    why: 'Yahoo-like web mail: HTML only, entities, quoted-printable, tagged in mixed case without a space; members still read its words.',
    build: async (cast) => ({
      mailFrom: 'abe@web.example',
      recipients: [LINUX_DISTROS],
      raw: raw(`Date: ${cast.date(14)}
From: Abe <abe@web.example>
To: "linux-distros@lists.example.org" <linux-distros@lists.example.org>
Message-ID: <1404040404.1234567.1763917200000@mail.web.example>
Subject: [Vs]bashish crash
MIME-Version: 1.0
Content-Type: text/html; charset=UTF-8
Content-Transfer-Encoding: quoted-printable

${quotedPrintable('<html><head></head><body><div class="ydp1">bashish crashes on a here-document of 64 KB.</div><div>Release: 2026-12-01 16:00&nbsp;UTC &lt;or later&gt;</div></body></html>')}
`),
    }),
    expect: {
      verdict: 'new-case',
      encryption: 'none',
      signature: 'none',
      subject: '[Vs]bashish crash',
      from: 'abe@web.example',
      textIncludes: ['bashish crashes on a here-document of 64 KB.'],
    },
  },
];
