/**
 * What stories about people are told with: letters as mail programs write them, and each reader's news, opened by gpg
 * with that reader's keys alone. `end` is how every such story ends: nothing was forgotten, and the journal holds.
 */
import assert from 'node:assert/strict';
import { type FoundedList, type Founding, foundedList, type Person } from './founded-list.ts';
import { nothingForgotten } from './nothing-forgotten.ts';
import { listDomain } from './running-list.ts';
import { authorsAddress, recipientsOf, type StoryLetter, writeLetter } from './story-letter.ts';
import { encryptionKeysOf, type News, readNews } from './story-news.ts';

export type Story = FoundedList &
  Readonly<{
    /** Sends it; fails the test unless it is accepted. */
    post: (letter: StoryLetter) => Promise<void>;
    /** `post`, and everything that follows until nothing waits. */
    tell: (letter: StoryLetter) => Promise<void>;
    /** What has arrived for them since they last looked. */
    news: (person: Person) => Promise<readonly News[]>;
    /** Their one piece of news; fails the test if there is none, or more. */
    onlyNews: (person: Person) => Promise<News>;
    /** What has arrived so far is of no interest. */
    skipNews: () => void;
    /** Numbers of all cases, oldest first. */
    cases: () => Promise<readonly string[]>;
    /** Ids of inbox rows in a state, oldest first. */
    inbox: (state: 'held' | 'refused' | 'judged' | 'waiting') => Promise<readonly string[]>;
    end: () => Promise<void>;
  }>;

export async function startStory(founding: Founding = {}): Promise<Story> {
  const list = await foundedList(founding);
  const seen = new Map<string, number>();
  const post = async (letter: StoryLetter) => {
    const from = letter.mailFrom ?? authorsAddress(letter).replace(/^.*<(.*)>$/, '$1');
    const raw = await writeLetter(letter, list);
    assert.match(await list.send({ from, to: recipientsOf(letter), raw }), /^250 /);
  };
  const news = async (person: Person): Promise<readonly News[]> => {
    const all = list.mailFor(person.address);
    const fresh = all.slice(seen.get(person.address) ?? 0);
    seen.set(person.address, all.length);
    const own = await encryptionKeysOf(person, list);
    const read: News[] = [];
    for (const mail of fresh) read.push(await readNews(mail, own, list));
    return read;
  };
  return {
    ...list,
    post,
    tell: async (letter) => {
      await post(letter);
      await list.settle();
    },
    news,
    onlyNews: async (person) => {
      const [first, ...more] = await news(person);
      assert.ok(first, `${person.name} has no mail`);
      assert.equal(
        more.length,
        0,
        `${person.name} has further mail:\n${more.map((one) => one.text).join('\n')}`,
      );
      return first;
    },
    skipNews: () => {
      const addresses = new Set(list.sink.mails().map((mail) => mail.recipient));
      for (const address of addresses) seen.set(address, list.mailFor(address).length);
    },
    cases: async () => column(await list.query('SELECT number AS it FROM cases ORDER BY opened_at, number')),
    inbox: async (state) =>
      column(
        await list.query('SELECT id AS it FROM inbox WHERE state = $1 ORDER BY received_at, id', [state]),
      ),
    end: () => nothingForgotten(list),
  };
}

export function caseAddress(number: string, list = 'linux-distros'): string {
  return `${list}+${number.toLowerCase()}@${listDomain}`;
}

export function teamAddress(number: string, list = 'linux-distros'): string {
  return `${list}+${number.toLowerCase()}.team@${listDomain}`;
}

function column(rows: readonly Record<string, unknown>[]): readonly string[] {
  return rows.map((row) => String(row.it));
}
