import { after, before, test } from 'node:test';
import { seededChance, seedOfRun } from '../stand-ins/seeded-chance.ts';
import { judgeStorm } from './kill-judge.ts';
import { startStorm } from './kill-storm.ts';
import { victims } from './kill-victims.ts';

/** I1 in small: every process and the database, in an order and at moments that the seed chooses. */
const limit = { timeout: 180_000 };
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
    await raging.rage();
    await judgeStorm(raging.storm, messages, t);
  },
);
