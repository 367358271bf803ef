/**
 * What strangers say to us, made up at random from a seed: whole SMTP sessions and web requests, sensible, odd and nosy,
 * with every case number, Message-ID and return path that a well-informed attacker could have picked up.
 */
import fc from 'fast-check';

/** What the attacker knows, or guesses: true and invented things alike. */
export type Gossip = Readonly<{
  list: string;
  /** Recipients of every kind at our domain and elsewhere. */
  addresses: readonly string[];
  messageIds: readonly string[];
  caseNumbers: readonly string[];
  /** Of people whose mail could be forged. */
  people: readonly string[];
  /** Whole bodies with their Content-Type: sealed, signed, and what was reported in clear. */
  bodies: readonly string[];
}>;

export type Dialogue =
  | Readonly<{
      kind: 'mail';
      helo: string;
      mailFrom: string;
      to: readonly string[];
      raw: string;
      end: string;
    }>
  | Readonly<{ kind: 'lines'; lines: readonly string[] }>
  | Readonly<{ kind: 'web'; method: string; path: string; headers: Readonly<Record<string, string>> }>;

/** Domains whose mail is vouched for, and one whose is not. A reporter of ours lives at the first. */
export const vouchedDomains = ['vouched.example', 'stranger.example'];
const domains = [...vouchedDomains, 'unvouched.example'];

export function makeDialogues(gossip: Gossip, seed: number, count: number): readonly Dialogue[] {
  const dialogue = fc.oneof(
    { weight: 7, arbitrary: mail(gossip) },
    { weight: 2, arbitrary: lines(gossip) },
    { weight: 2, arbitrary: web(gossip) },
  );
  return fc.sample(dialogue, { seed, numRuns: count });
}

/**
 * Few enough that some write twice, as answers are rationed by address (R4); the first of each domain have keys, and
 * write more than others.
 */
const stranger = fc
  .tuple(
    fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 4, max: 200 })),
    fc.constantFrom(...domains),
  )
  .map(([number, domain]) => `s${number}@${domain}`);

/** Ids of their own, which they answer later. */
const ownIds = fc.integer({ min: 1, max: 120 }).map((number) => `<m${number}@far.example>`);

function author(gossip: Gossip) {
  return fc.oneof(
    { weight: 8, arbitrary: stranger },
    { weight: 1, arbitrary: fc.constantFrom(...gossip.people) },
  );
}

function mail(gossip: Gossip): fc.Arbitrary<Dialogue> {
  const known = fc.constantFrom(...gossip.messageIds);
  const id = fc.oneof(known, ownIds);
  const thread = fc.option(
    fc.tuple(fc.constantFrom('In-Reply-To', 'References'), fc.array(id, { minLength: 1, maxLength: 3 })),
    { freq: 2, nil: undefined },
  );
  return fc
    .record({
      from: author(gossip),
      to: fc.oneof(
        { weight: 3, arbitrary: fc.constant([gossip.list]) },
        {
          weight: 2,
          arbitrary: fc.uniqueArray(fc.constantFrom(...gossip.addresses), { minLength: 1, maxLength: 3 }),
        },
      ),
      nullPath: fc.nat(12),
      subject: subject(gossip),
      ownId: fc.option(fc.oneof({ weight: 9, arbitrary: ownIds }, { weight: 1, arbitrary: known }), {
        freq: 12,
        nil: undefined,
      }),
      thread,
      odd: fc.option(fc.constantFrom(...oddFields), { freq: 3, nil: undefined }),
      body: fc.oneof(fc.constantFrom(...gossip.bodies), plainBody(gossip)),
      cc: fc.option(fc.constantFrom(...gossip.people, ...gossip.addresses), { freq: 4, nil: undefined }),
      helo: fc.constantFrom('EHLO far.example', 'HELO far.example'),
      end: fc.constantFrom('QUIT', 'QUIT', 'RSET', 'VRFY alice'),
    })
    .map(({ from, to, nullPath, subject: about, ownId, thread: parents, odd, body, cc, helo, end }) => {
      const head = [
        `From: ${from}`,
        `To: ${to[0] ?? ''}`,
        ...(cc === undefined ? [] : [`Cc: ${cc}`]),
        `Subject: ${about}`,
        ...(ownId === undefined ? [] : [`Message-ID: ${ownId}`]),
        ...(parents === undefined ? [] : [`${parents[0]}: ${parents[1].join(' ')}`]),
        ...(odd === undefined ? [] : [odd]),
        'MIME-Version: 1.0',
      ];
      const raw = `${head.join('\r\n')}\r\n${body}`;
      return { kind: 'mail', helo, mailFrom: nullPath === 0 ? '' : from, to, raw, end };
    });
}

const oddFields = [
  'Auto-Submitted: auto-replied',
  'Auto-Submitted: auto-generated',
  'Precedence: bulk',
  'X-Loop: far.example',
  'List-Id: <linux-distros.lists.example.org>',
  'From: another@stranger.example',
  'Reply-To: elsewhere@stranger.example',
  'Disposition-Notification-To: s1@stranger.example',
  'Return-Receipt-To: s1@stranger.example',
  'Resent-From: s2@stranger.example',
  'Embargod-Copy: 1',
  'Date: Thu, 01 Jan 1970 00:00:00 +0000',
];

/**
 * None with a tag behind "Re:". A stranger's reply in clear joins the case it answers (R5) and is answered with that
 * case's number (docs/threat-model.md): with these, two strangers together could still tell.
 */
function subject(gossip: Gossip): fc.Arbitrary<string> {
  const number = fc.constantFrom(...gossip.caseNumbers);
  return fc.oneof(
    fc.constantFrom('[vs] a flaw in frobnicate', '[vs-plain] news', 'hello', '...', 'Re: a flaw', ''),
    number.map((one) => `Re: ${one} reply`),
    number.map((one) => `[vs] ${one} again`),
    fc.stringMatching(/^[ -~]{1,40}$/),
  );
}

function plainBody(gossip: Gossip): fc.Arbitrary<string> {
  const text = fc.oneof(
    fc.stringMatching(/^[ -~]{0,200}$/),
    fc.constantFrom(...gossip.caseNumbers).map((one) => `Embargod: ${one} clear-ok\r\n\r\nplease`),
    fc.constantFrom(...gossip.messageIds).map((one) => `On Monday ${one} said:\r\n> nothing\r\n`),
  );
  return text.map((one) => `Content-Type: text/plain\r\n\r\n${one}\r\n`);
}

/** A session that asks around and sends nothing. */
function lines(gossip: Gossip): fc.Arbitrary<Dialogue> {
  const address = fc.constantFrom(...gossip.addresses, ...gossip.people);
  const line = fc.oneof(
    address.map((one) => `RCPT TO:<${one}>`),
    fc.constantFrom(
      'RSET',
      'NOOP',
      'HELP',
      'DATA',
      'XYZZY',
      'MAIL FROM:<s3@stranger.example>',
      'MAIL FROM:<>',
      'AUTH PLAIN AAAA',
    ),
    address.map((one) => `VRFY ${one}`),
    address.map((one) => `EXPN ${one.split('@')[0]}`),
  );
  return fc.array(line, { minLength: 1, maxLength: 8 }).map((some) => ({
    kind: 'lines',
    lines: ['EHLO far.example', 'MAIL FROM:<s1@stranger.example>', ...some, 'QUIT'],
  }));
}

function web(gossip: Gossip): fc.Arbitrary<Dialogue> {
  const path = fc.oneof(
    fc.constantFrom(
      '/',
      '/linux-distros',
      '/linux-distros/key.asc',
      '/.well-known/security.txt',
      '/robots.txt',
      '//',
    ),
    fc.constantFrom(...gossip.caseNumbers).map((one) => `/${one}`),
    fc.constantFrom(...gossip.caseNumbers).map((one) => `/linux-distros/${one}`),
    fc.constantFrom(...gossip.addresses, ...gossip.messageIds).map((one) => `/${encodeURIComponent(one)}`),
    fc.webPath(),
  );
  const headers = fc.constantFrom<Readonly<Record<string, string>>[]>(
    {},
    { 'if-none-match': '"0123456789012345678901234567"' },
    { accept: 'application/json' },
    { range: 'bytes=0-10' },
    { cookie: 'a=b' },
  );
  return fc
    .record({ method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'), path, headers })
    .map((request) => ({ kind: 'web', ...request }));
}
