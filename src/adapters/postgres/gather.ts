/**
 * Joins what is asked for at about the same time into one statement: while one is under way, the next gathers. Whoever
 * asks alone waits for nobody, and what is asked is never older than its asking.
 */
import { sqlState } from './database-problem.ts';

export type Gather<Item, Result> = (item: Item) => Promise<Result>;

type Waiting<Item, Result> = Readonly<{
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}>;

/**
 * `run` answers in the order of its items, and throws for all of them or none. When the server refuses the statement
 * for what is in it, each item is run by itself, so that a bad one fails alone; anything else fails all, as nobody knows
 * what was done.
 */
export function gather<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  most: number,
): Gather<Item, Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let underWay = false;

  const settle = async (batch: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await run(batch.map(({ item }) => item));
      if (results.length !== batch.length) throw new RangeError('A statement answers for each of its items.');
      for (const [index, result] of results.entries()) batch[index]?.resolve(result);
    } catch (error) {
      if (batch.length > 1 && blamesAnItem(error)) {
        for (const one of batch) await settle([one]);
      } else for (const one of batch) one.reject(error);
    }
  };
  const drain = async () => {
    while (waiting.length > 0) {
      // Those who ask within this turn of the event loop come along: each more in a statement saves a commit.
      await turn();
      await settle(waiting.splice(0, most));
    }
    underWay = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (underWay) return;
      underWay = true;
      void drain();
    });
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** SQLSTATE classes 22, data exception, and 23, integrity constraint violation. */
function blamesAnItem(error: unknown): boolean {
  return /^2[23]/.test(sqlState(error) ?? '');
}
