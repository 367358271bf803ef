/**
 * Attack (I9): a stranger, or several together, find out by talking to us whether a case, a message or a person is on a
 * private list. Made-up dialogues are held with two lists that differ only in what is private; a stranger must hear and
 * receive the same from both, but for case numbers and instants.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MailResolver } from '../../src/adapters/mail-auth/authenticate-mail.ts';
import { type Dialogue, makeDialogues, vouchedDomains } from '../stand-ins/dialogues.ts';
import { hearDialogues } from '../stand-ins/hear-dialogues.ts';
import { mailToStrangers } from '../stand-ins/mail-to-strangers.ts';
import { type Twins, twinLists } from '../stand-ins/twin-lists.ts';
import { gatherGossip, type Lives, livePrivately } from '../stand-ins/twin-lives.ts';

const seed = Number(process.env.EMBARGOD_SEED ?? 20_261_124);
const count = Number(process.env.EMBARGOD_DIALOGUES ?? 500);
/** Connections that wait for their greeting together. */
const atOnce = 50;
/** Each dialogue comes from an address of its own, as a flood from one is rationed. */
const vouchesForThisMachine: MailResolver = async (name, type) => {
  if (type === 'TXT' && vouchedDomains.includes(name)) return [['v=spf1 ip4:127.0.0.0/8 -all']];
  throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
};

let twins: Twins;
let lives: Lives;
let dialogues: readonly Dialogue[];

before(async () => {
  twins = await twinLists({ resolver: vouchesForThisMachine });
  lives = await livePrivately(twins);
  dialogues = makeDialogues(await gatherGossip(twins, lives), seed, count);
});
after(() => twins.close());

test(`${count} dialogues of strangers sound the same, whatever is private (seed ${seed})`, async (context) => {
  const { first, second, sites } = twins;
  const started = performance.now();
  for (let from = 0; from < dialogues.length; from += atOnce) {
    const some = dialogues.slice(from, from + atOnce);
    const [one, other] = await Promise.all([
      hearDialogues(some, { smtp: first.smtpPort, web: sites.first }, from),
      hearDialogues(some, { smtp: second.smtpPort, web: sites.second }, from),
    ]);
    for (const [index, dialogue] of some.entries()) {
      assert.equal(one[index], other[index], `dialogue ${from + index}: ${JSON.stringify(dialogue)}`);
    }
    await Promise.all([first.settle(), second.settle()]);
  }
  const accepted = await Promise.all(
    [first, second].map((list) => list.query('SELECT count(*)::int AS count FROM inbox')),
  );
  context.diagnostic(
    `${Math.round(performance.now() - started)} ms, inboxes ${accepted.map(([row]) => row?.count)}`,
  );
});

test('they receive the same mail, told apart by case numbers and instants only', async (context) => {
  const known = lives.people.map((one) => one.address);
  const [one = [], other = []] = await Promise.all(
    [twins.first, twins.second].map((list) => mailToStrangers(list, known, twins.first.gpg)),
  );
  context.diagnostic(`${one.length} mails to strangers`);
  assert.ok(one.length > count / 30, 'strangers are answered');
  assert.deepEqual({ first: without(one, other), second: without(other, one) }, { first: [], second: [] });
});

/** What stands in one and not in the other, each with the dialogues that it may answer: for whoever reads the failure. */
function without(some: readonly string[], others: readonly string[]): readonly string[] {
  return some
    .filter((mail) => !others.includes(mail))
    .map((mail) => {
      const ids = mail.match(/<m\d+@far\.example>/g) ?? [];
      const said = dialogues.filter(
        (one) => one.kind === 'mail' && ids.some((id) => one.raw.includes(`Message-ID: ${id}`)),
      );
      return `${mail}\nafter ${JSON.stringify(said, null, 1)}`;
    });
}
