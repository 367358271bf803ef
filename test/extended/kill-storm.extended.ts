import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { judgeStorm } from '../faults/kill-judge.ts';
import { startStorm } from '../faults/kill-storm.ts';
import { victims } from '../faults/kill-victims.ts';
import { seededChance, seedOfRun } from '../stand-ins/seeded-chance.ts';

/** I1 at its size: 200 messages for 20 readers, every process and the database killed 12 times each. */
const limit = { timeout: 50 * 60_000 };
const timesEach = 12;
const messages = 200;
const chance = seededChance(seedOfRun());
// In rounds, so that none is hit so often in a row that the supervisor makes it wait for long.
const kills = Array.from({ length: timesEach }, () => chance.shuffled(victims)).flat();
let raging: Awaited<ReturnType<typeof startStorm>>;

before(async () => {
  raging = await startStorm({ messages, readers: 20, kills }, chance);
}, limit);
after(() => raging?.storm.close());

test(
  `${kills.length} kills, each of the ${victims.length} at least ${timesEach} times: nothing is lost, repeats lie in their window`,
  limit,
  async (t) => {
    assert.ok(kills.length >= 100);
    t.diagnostic(`EMBARGOD_SEED=${chance.seed}`);
    await raging.rage();
    await judgeStorm(raging.storm, messages, t);
  },
);
