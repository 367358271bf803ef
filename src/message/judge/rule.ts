import type { Knowledge } from '../journal/knowledge.ts';
import type { Letter } from '../letter/letter.ts';

/**
 * What one rule says of a mail. `mark` lets it pass and is told to its readers. Two texts: `inside` for members and
 * administrators, `outside` for whoever wrote, which reveals nothing (I9).
 */
export type Finding = Readonly<{
  kind: 'mark' | 'hold' | 'refuse';
  rule: string;
  inside: string;
  outside: string;
}>;

/** One rule of the list's policy; silent (undefined) when it has nothing to say. */
export type Rule = Readonly<{
  name: string;
  judge: (letter: Letter, knowledge: Knowledge) => Omit<Finding, 'rule'> | undefined;
}>;

/** Never empty: a list without rules would pass everything (I5). */
export type Rules = readonly [Rule, ...Rule[]];

/** What holds back tells the outside the same sentence, whatever the reason. */
export const waitsForAnAdministrator = 'Your mail waits for one of the list’s administrators.';
