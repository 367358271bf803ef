import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { processesOf } from '../stand-ins/process-facts.ts';
import { seededChance, seedOfRun } from '../stand-ins/seeded-chance.ts';
import { judgeStorm } from './kill-judge.ts';
import { startStorm } from './kill-storm.ts';

/** The database is restarted, politely and rudely, while reports come in and copies go out: nobody dies of it. */
const limit = { timeout: 120_000 };
const chance = seededChance(seedOfRun());
const kills = chance.shuffled([
  ...(['fast restart', 'immediate restart', 'postmaster'] as const),
  ...(['fast restart', 'immediate restart', 'backend'] as const),
]);
const messages = 12;
let raging: Awaited<ReturnType<typeof startStorm>>;

before(async () => {
  raging = await startStorm({ messages, readers: 3, kills }, chance);
}, limit);
after(() => raging?.storm.close());

test(
  'the database restarts in mid work: every copy arrives once, and no process of ours ends',
  limit,
  async (t) => {
    const { storm, rage } = raging;
    const before = await processesOf(storm.server().pid);
    t.diagnostic(`EMBARGOD_SEED=${chance.seed}`);
    await rage();
    const { repeats } = await judgeStorm(storm, messages, t);
    assert.equal(repeats, 0, 'sender remembers what it could not record');
    assert.deepEqual(await processesOf(storm.server().pid), before);
  },
);
