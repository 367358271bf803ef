import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MessageId } from '../../mail/letter-head.ts';
import { instantFromMilliseconds } from '../../time/instant.ts';
import { arrangeThread, type Threaded } from './arrange-thread.ts';

const id = (name: string) => `<${name}>` as MessageId;
const posting = (name: string, at: number, ...answers: readonly string[]): Threaded => ({
  id: id(name),
  answers: answers.map(id),
  postedAt: instantFromMilliseconds(at),
});
/** `a`, then ` b` one deeper; `?c` for one that is missing. */
const drawn = (postings: readonly Threaded[]) =>
  arrangeThread(postings).map((entry) =>
    entry.kind === 'posting'
      ? `${' '.repeat(entry.depth)}${entry.posting.id.slice(1, -1)}`
      : `${' '.repeat(entry.depth)}?${entry.id.slice(1, -1)}`,
  );

test('answers stand beneath what they answer, the earlier first', () => {
  assert.deepEqual(
    drawn([posting('a', 1), posting('c', 3, 'a'), posting('b', 2, 'a'), posting('d', 4, 'a', 'b')]),
    ['a', ' b', '  d', ' c'],
  );
});

test('who answers a posting that is missing goes up to the next one that is here', () => {
  assert.deepEqual(drawn([posting('a', 1), posting('c', 3, 'a', 'b')]), ['a', ' c']);
  assert.deepEqual(drawn([posting('c', 3, 'b')]), ['c']);
});

test('a missing beginning that several answer is shown as missing, and holds them together', () => {
  assert.deepEqual(drawn([posting('b', 2, 'a'), posting('c', 3, 'a')]), ['?a', ' b', ' c']);
});

test('a parent that comes late takes its place', () => {
  const before = [posting('b', 2, 'a'), posting('c', 3, 'a', 'b')];
  assert.deepEqual(drawn([...before, posting('a', 1)]), ['a', ' b', '  c']);
});

test('what a posting says of itself counts more than what others say of it', () => {
  assert.deepEqual(drawn([posting('a', 1), posting('b', 2), posting('c', 3, 'a', 'b')]), ['a', 'b', ' c']);
});

test('circles and postings that answer themselves are broken, and nothing is lost', () => {
  assert.deepEqual(drawn([posting('a', 1, 'b'), posting('b', 2, 'a'), posting('c', 3, 'c')]).length, 3);
});

test('whatever the references say: each posting once, the same tree in whatever order they arrived', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const any = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      at: fc.integer({ min: 0, max: 5 }),
      answers: fc.array(fc.constantFrom(...names, 'x', 'y'), { maxLength: 5 }),
    }),
    { selector: ({ name }) => name },
  );
  fc.assert(
    fc.property(
      any.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([one, other]) => {
        const [left, right] = [one, other].map((all) =>
          all.map(({ name, at, answers }) => posting(name, at, ...answers)),
        );
        assert.deepEqual(drawn(left ?? []), drawn(right ?? []));
        const seen = arrangeThread(left ?? []).filter(({ kind }) => kind === 'posting');
        assert.equal(seen.length, one.length);
      },
    ),
  );
});

test('a thread as deep as it is long is no recursion', () => {
  const deep = Array.from({ length: 5_000 }, (_, at) =>
    posting(`m${at}`, at, ...(at > 0 ? [`m${at - 1}`] : [])),
  );
  assert.equal(drawn(deep).at(-1), `${' '.repeat(4_999)}m4999`);
});
