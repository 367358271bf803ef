import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { vouchingFor } from '../stand-ins/mail-resolver.ts';
import { type Story, startStory } from '../stand-ins/story.ts';

/**
 * Attack (I9): a stranger whose mail is authenticated names a Message-ID in In-Reply-To, and would learn from what we
 * answer whether the private list knows it.
 */
let story: Story;
const list = 'linux-distros@lists.example.org';
const known = '<known@researcher.example>';

before(async () => {
  story = await startStory({ resolver: vouchingFor('stranger.example', 'other.example') });
  const alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.person('Mallory', 'mallory@stranger.example', 'ed25519');
  const report = `From: ann@researcher.example\nTo: ${list}\nSubject: [vs] a flaw\nMessage-ID: ${known}\n\nIt overflows.\n`;
  await story.send({ from: 'ann@researcher.example', to: [list], raw: report });
  await story.settle();
});
after(() => story.close());

/** What the stranger hears, with what may differ taken out: case numbers, instants, ids. */
async function heard(
  from: string,
  inReplyTo: string,
  subject: string,
  body: string,
): Promise<readonly string[]> {
  const before = story.mailFor(from).length;
  const id = `<${from.replace('@', '.')}-${before}@stranger.example>`;
  const raw = `From: ${from}\nTo: ${list}\nSubject: ${subject}\nMessage-ID: ${id}\nIn-Reply-To: ${inReplyTo}\n\n${body}\n`;
  assert.match(await story.send({ from, to: [list], raw }), /^250 /);
  await story.settle();
  return story
    .mailFor(from)
    .slice(before)
    .map(({ raw: told }) =>
      told
        .replaceAll(from, 'STRANGER')
        .replaceAll(id, 'ID')
        .replace(/VS-\d{4}-\d+/gi, 'CASE')
        .replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'INSTANT')
        .replace(/^(Date|Message-ID):.*$/gim, '$1: –'),
    );
}

const shapes = {
  'in clear without a tag': async () => ['Re: hello', 'Is this known?'],
  'in clear with a tag': async () => ['Re: [vs] hello', 'Is this known?'],
  'encrypted without a tag': async () => [
    'Re: hello',
    await story.sealTo('linux-distros', 'Is this known?\n'),
  ],
} as const;

for (const [shape, make] of Object.entries(shapes)) {
  test(`a mail ${shape} is answered alike, whether it names a Message-ID that we know or not`, async () => {
    const [subject = '', body = ''] = await make();
    const named = await heard(`a${subject.length}${body.length}@stranger.example`, known, subject, body);
    const [again = '', anew = ''] = await make();
    const invented = '<invented@researcher.example>';
    const guessed = await heard(
      `b${subject.length}${body.length}@other.example`,
      invented,
      again,
      `${anew}\n`,
    );
    assert.deepEqual(named, guessed);
    assert.equal(named.length, shape === 'in clear without a tag' ? 0 : 1);
  });
}

test('two who answer one Message-ID in clear with a tag cannot compare their case numbers', async () => {
  const answered = async (name: string, inReplyTo: string) => {
    const address = `${name}@stranger.example`;
    await heard(address, inReplyTo, 'Re: [vs] hello', `Is this known, asks ${name}?`);
    return story.mailFor(address).flatMap(({ raw }) => raw.match(/VS-\d{4}-\d+/g) ?? []);
  };
  const [one, other] = [await answered('one', known), await answered('other', known)];
  assert.deepEqual(
    one.filter((number) => other.includes(number)),
    [],
  );
  assert.deepEqual(one.length, (await answered('third', '<invented@researcher.example>')).length);
});
