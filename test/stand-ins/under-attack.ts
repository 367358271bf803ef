/** What most attacks by mail are told with: a small list, somebody who attacks it, and the report that must still get through. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { address } from './community.ts';
import type { Founding, Person } from './founded-list.ts';
import { type Story, startStory } from './story.ts';

export const attackedList = 'linux-distros@lists.example.org';

export type UnderAttack = Story &
  Readonly<{
    /** Of Debian, administrator: reads what is held. */
    alice: Person;
    /** Of SUSE, a member and nothing else. */
    bob: Person;
    /** An honest reporter. */
    robin: Person;
    /** Sends these bytes as they are; fails the test unless they are accepted; then all that follows. */
    attack: (raw: string | Uint8Array, to?: string) => Promise<void>;
    /** The next honest report reaches every member, and with it nothing else. */
    stillServes: () => Promise<void>;
    /** Every byte that left so far, for everybody. */
    everythingSent: () => string;
  }>;

export async function underAttack(founding: Founding = {}): Promise<UnderAttack> {
  const story = await startStory(founding);
  const alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  const bob = await story.person('Bob', 'bob@suse.example', 'ed25519');
  const robin = await story.person('Robin', 'robin@researcher.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  await story.order({ kind: 'administrator-add', list: 'linux-distros', address: address(alice.address) });
  return {
    ...story,
    alice,
    bob,
    robin,
    attack: async (raw, to = attackedList) => {
      assert.match(await story.send({ from: 'mallory@evil.example', to: [to], raw }), /^250 /);
      await story.settle();
    },
    stillServes: async () => {
      story.skipNews();
      const body = `canary-${randomUUID()}`;
      await story.tell({
        from: robin,
        to: attackedList,
        subject: 'x',
        body,
        seal: 'linux-distros',
        signer: robin,
      });
      for (const reader of [alice, bob]) assert.match((await story.onlyNews(reader)).text, new RegExp(body));
    },
    everythingSent: () =>
      story.sink
        .mails()
        .map(({ raw }) => raw)
        .join('\n'),
  };
}

/** The mail's header, without the blank line that ends it; what is attacked with stands behind it. */
export function attackersHead(subject: string, ...fields: readonly string[]): string {
  return [
    // Each from somebody else: of one author's held mail only the first few are told at once (hold-letter.ts).
    `From: Mallory <mallory-${randomUUID()}@evil.example>`,
    `To: ${attackedList}`,
    `Subject: ${subject}`,
    `Message-ID: <${randomUUID()}@evil.example>`,
    'MIME-Version: 1.0',
    ...fields,
    '',
  ].join('\r\n');
}
