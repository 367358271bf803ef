import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seededChance, seedOfRun } from '../stand-ins/seeded-chance.ts';
import {
  copiesOf,
  everybodyHas,
  judgeContents,
  judgeRepeats,
  judgeState,
  repeatsOf,
  timeline,
} from './kill-judge.ts';
import { startStorm } from './kill-storm.ts';
import { victims } from './kill-victims.ts';

/** I1 in small: every process and the database, in an order and at moments that the seed chooses. */
const limit = { timeout: 120_000 };
const chance = seededChance(seedOfRun());
const kills = chance.shuffled([...victims, 'keyholder', 'sender', 'opener'] as const);
const messages = 20;
let raging: Awaited<ReturnType<typeof startStorm>>;

before(async () => {
  raging = await startStorm({ messages, readers: 5, kills }, chance);
}, limit);
after(() => raging?.storm.close());

test(
  'each process and the database die in mid work: nothing is lost, repeats lie in their window',
  limit,
  async (t) => {
    t.diagnostic(`EMBARGOD_SEED=${chance.seed}`);
    const { rage, storm } = raging;
    await rage();
    await everybodyHas(storm, messages);
    const copies = copiesOf(storm);
    const repeats = repeatsOf(copies, storm.kills);
    t.diagnostic(storm.kills.map(({ victim, moment }) => `${victim} ${moment}`).join(', '));
    t.diagnostic(
      `${copies.length} copies, ${repeats.length} of them repeated; ${storm.unanswered} reports unanswered`,
    );
    for (const repeat of repeats) t.diagnostic(timeline(repeat, storm.kills));
    judgeRepeats(repeats);
    assert.equal(new Set(copies.map((copy) => copy.messageId)).size, messages, 'a message for every report');
    await judgeContents(storm, copies, messages);
  },
);

test('afterwards everything runs, one case a report, the journal verifies and nothing waits', limit, () =>
  judgeState(raging.storm, messages),
);
