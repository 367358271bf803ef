/** What happens in private on each of two lists that began alike, and what an attacker may have picked up of it (I9). */
import { day } from '../../src/time/instant.ts';
import { address } from './community.ts';
import type { Gossip } from './dialogues.ts';
import type { FoundedList, Person } from './founded-list.ts';
import { recipientsOf, type StoryLetter, writeLetter } from './story-letter.ts';
import type { Twins } from './twin-lists.ts';

const list = 'linux-distros@lists.example.org';

/** Everybody who is on either list or in a case of theirs: no strangers. */
export type Lives = Readonly<{ people: readonly Person[]; reports: readonly string[] }>;

/**
 * The first has members, one suspended, an administrator, cases sealed and in clear, replies, a guest, held and
 * unopenable mail. The second has another member, and no more.
 */
export async function livePrivately({ first, second }: Twins): Promise<Lives> {
  const [alice, bob, sam, carol] = [
    await first.person('Alice', 'alice@debian.example', 'ed25519'),
    await first.person('Bob', 'bob@suse.example', 'ed25519'),
    await first.person('Sam', 'sam@gone.example', 'ed25519'),
    await first.person('Carol', 'carol@gentoo.example', 'ed25519'),
  ];
  const robin = await first.person('Robin', 'robin@researcher.example', 'ed25519');
  const rita = await first.person('Rita', 'rita@vouched.example', 'ed25519');
  const gus = await first.person('Gus', 'gus@upstream.example', 'ed25519');
  await first.join('Debian', 'linux-distros', alice);
  await first.join('SUSE', 'linux-distros', bob);
  await first.join('Gone', 'linux-distros', sam);
  await first.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  await second.join('Gentoo', 'linux-distros', carol);
  const reports: string[] = [];
  const tell = async (letter: StoryLetter) => {
    const raw = await writeLetter(letter, first);
    const from = letter.mailFrom ?? (typeof letter.from === 'string' ? letter.from : letter.from.address);
    await first.send({ from, to: recipientsOf(letter), raw });
    await first.settle();
    reports.push(raw);
  };
  const sealed = { to: list, seal: 'linux-distros' } as const;
  await tell({
    ...sealed,
    from: robin,
    subject: '[vs] libfoo',
    body: 'It overflows.',
    signer: robin,
    enclose: robin,
    messageId: '<robin-1@researcher.example>',
  });
  await tell({
    from: rita.address,
    to: list,
    subject: '[vs] a flaw in frobnicate',
    body: 'In clear.',
    messageId: '<rita-1@vouched.example>',
  });
  await tell({
    ...sealed,
    from: rita.address,
    subject: 'unsigned',
    body: 'Sealed, unsigned.',
    messageId: '<rita-2@vouched.example>',
  });
  await tell({
    from: 'held@elsewhere.example',
    to: list,
    subject: 'hello',
    body: 'Untagged.',
    messageId: '<held@elsewhere.example>',
  });
  const [number = ''] = await caseNumbers(first);
  await tell({
    ...sealed,
    from: alice,
    to: caseAddress(number),
    subject: 'Re: libfoo',
    body: 'We look.',
    signer: alice,
    messageId: '<alice-1@debian.example>',
  });
  await first.order({
    kind: 'representative-suspend',
    member: 'Gone',
    address: address(sam.address),
  });
  await first.order({
    kind: 'guest-add',
    caseNumber: number,
    address: address(gus.address),
    certificate: await first.publicKey(gus),
  });
  for (const one of [first, second]) {
    one.pass(day + 60_000);
    await one.settle();
  }
  await tell({
    ...sealed,
    from: bob,
    to: caseAddress(number),
    subject: 'Re: libfoo',
    body: 'Gus may read.',
    signer: bob,
    messageId: '<bob-1@suse.example>',
  });
  return { people: [alice, bob, sam, carol, robin, rita, gus], reports };
}

/** All of the first list's numbers, ids and return paths, with invented ones that look alike. */
export async function gatherGossip({ first }: Twins, { people, reports }: Lives): Promise<Gossip> {
  const numbers = await caseNumbers(first);
  const bodies = await first.query('SELECT message_id AS it FROM bodies');
  const paths = await first.query(
    `SELECT DISTINCT return_path AS it FROM outbox WHERE return_path <> '' ORDER BY 1 LIMIT 4`,
  );
  const invented = ['VS-2026-0001', 'VS-2026-99999', 'VS-1999-1234'];
  const caseNumbersToo = [...numbers, ...invented];
  const ours = caseNumbersToo.flatMap((number) => [caseAddress(number), caseAddress(number, '.team')]);
  return {
    list,
    addresses: [
      list,
      'LINUX-distros@LISTS.example.org',
      ...ours,
      ...paths.map(({ it }) => String(it)),
      `linux-distros+bounce-${'a'.repeat(26)}@lists.example.org`,
      `linux-distros+held-${'b'.repeat(26)}@lists.example.org`,
      'linux-distros-owner@lists.example.org',
      'linux-distros-request@lists.example.org',
      'postmaster@lists.example.org',
      'abuse@lists.example.org',
      'no-such-list@lists.example.org',
      'linux-distros+vs-2026-1@lists.example.org',
      'someone@elsewhere.example',
    ],
    messageIds: [
      ...[
        'robin-1@researcher',
        'rita-1@vouched',
        'rita-2@vouched',
        'held@elsewhere',
        'alice-1@debian',
        'bob-1@suse',
      ].map((id) => `<${id}.example>`),
      ...bodies.map(({ it }) => String(it)),
      '<invented-1@researcher.example>',
      '<invented-2@lists.example.org>',
    ],
    caseNumbers: caseNumbersToo,
    people: people.map((one) => one.address),
    bodies: [
      ...(await sealedBodies(first)),
      ...reports.filter((raw) => !raw.includes('BEGIN PGP')).map(bodyOf),
    ],
  };
}

/** Sealed by strangers to the list's published key, some signed, some with their key inside. */
async function sealedBodies(lists: FoundedList): Promise<readonly string[]> {
  const strangers = [
    await lists.person('S One', 's1@stranger.example', 'ed25519'),
    await lists.person('S Two', 's2@vouched.example', 'ed25519'),
  ];
  const bodies: string[] = [];
  for (let index = 0; index < 24; index += 1) {
    const stranger = strangers[index % 2];
    const signer = index % 3 === 0 || stranger === undefined ? {} : { signer: stranger };
    const enclose = index % 4 < 2 && stranger !== undefined ? { enclose: stranger } : {};
    const letter = {
      from: 's@stranger.example',
      to: list,
      subject: `sealed ${index}`,
      body: `Secret number ${index}.`,
      seal: 'linux-distros',
      ...signer,
      ...enclose,
    };
    bodies.push(bodyOf(await writeLetter(letter, lists)));
  }
  return bodies;
}

/** From its Content-Type on. */
function bodyOf(raw: string): string {
  return raw.slice(Math.max(0, raw.search(/^content-type:/im)));
}

async function caseNumbers(lists: FoundedList): Promise<readonly string[]> {
  const rows = await lists.query('SELECT number FROM cases ORDER BY opened_at, number');
  return rows.map((row) => String(row.number));
}

function caseAddress(number: string, detail = ''): string {
  return `linux-distros+${number.toLowerCase()}${detail}@lists.example.org`;
}
