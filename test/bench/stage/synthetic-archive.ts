/**
 * A public list that never was, the same every time: 1,667 postings a month from 2011 on, so that 300,000 are fifteen years.
 * What a search or a page costs by is as on real lists: words by Zipf's law, a few authors who write most, threads of one
 * posting and of hundreds, quotes, patches, CVE ids, and names of functions that only one thread has.
 */

const day = 86_400_000;
const start = Date.UTC(2011, 0, 1);
const postingsEach15Years = 300_000;
const between = (5_479 * day) / postingsEach15Years;

const vocabulary = 40_000;
const authors = 900;
/** Threads that somebody may still answer. */
const openThreads = 60;
/** Each so many postings one begins that goes on to be long. */
const longEvery = 4_500;
const longest = 220;

type Posted = Readonly<{ id: string; text: string }>;
type Thread = {
  readonly subject: string;
  readonly topic: string;
  readonly cve: string | undefined;
  readonly posted: Posted[];
  readonly most: number;
};

/** Entries of a mailbox file (RFC 4155), the earliest first. */
export function* syntheticArchive(count: number): Generator<string> {
  const chance = chanceFrom(20_261_124);
  const threads: Thread[] = [];
  for (let number = 0; number < count; number += 1) {
    const at = start + Math.floor((number + chance.share()) * between);
    const thread = pickThread(threads, number, at, chance);
    const answered = thread.posted[chance.near(thread.posted.length)];
    const { text, patch } = writeText(thread, answered, chance);
    const id = `${number.toString(36)}.${chance.upTo(1e9).toString(36)}@host${chance.upTo(50)}.example`;
    thread.posted.push({ id, text });
    yield entry({ id, at, thread, answered, text, patch, chance });
  }
}

function pickThread(threads: Thread[], number: number, at: number, chance: Chance): Thread {
  const long = threads.find(({ most }) => most === longest);
  if (long && long.posted.length < longest && chance.share() < 0.2) return long;
  const begun = threads[chance.near(threads.length)];
  const isLong = number % longEvery === 0;
  if (begun && !isLong && chance.share() < 0.75) {
    if (begun.posted.length + 1 >= begun.most) threads.splice(threads.indexOf(begun), 1);
    return begun;
  }
  const topic = `${word(1_000 + chance.upTo(30_000))}_${word(chance.upTo(3_000))}_${number.toString(36)}`;
  const year = new Date(at).getUTCFullYear();
  const thread: Thread = {
    subject: `${['[PATCH] ', '', '', '', 'Re: ', '[RFC] '][chance.upTo(6)]}${words(4 + chance.upTo(5), chance)} in ${topic}`,
    topic,
    cve: chance.share() < 0.35 ? `CVE-${year}-${1_000 + chance.upTo(40_000)}` : undefined,
    posted: [],
    // Many of one or two, a few of dozens.
    most: isLong ? longest : Math.floor(2 / (chance.share() + 0.02)),
  };
  if (thread.most > 1) threads.push(thread);
  if (threads.length > openThreads) threads.splice(threads[0]?.most === longest ? 1 : 0, 1);
  return thread;
}

function writeText(
  thread: Thread,
  answered: Posted | undefined,
  chance: Chance,
): Readonly<{ text: string; patch: string }> {
  const quoted =
    answered?.text
      .split('\n')
      .filter((line) => !line.startsWith('>>'))
      .slice(0, 6 + chance.upTo(20)) ?? [];
  const own = Array.from({ length: 2 + chance.upTo(6) }, () => paragraph(30 + chance.upTo(60), chance));
  const cve = thread.cve && chance.share() < 0.6 ? `This is about ${thread.cve}.\n\n` : '';
  const name =
    chance.share() < 0.5
      ? `It is in ${thread.topic}(), see https://git.example/commit/${chance.upTo(1e9).toString(16)}\n\n`
      : '';
  const text = `${quoted.map((line) => `> ${line}\n`).join('')}${quoted.length > 0 ? '\n' : ''}${name}${cve}${own.join('\n\n')}\n`;
  return { text, patch: chance.share() < 0.15 ? diff(thread.topic, chance) : '' };
}

function diff(topic: string, chance: Chance): string {
  const path = `drivers/${topic.split('_')[0]}/core.c`;
  const lines = Array.from(
    { length: 15 + chance.upTo(60) },
    () =>
      `${[' ', ' ', '+', '-'][chance.upTo(4)]}\t${words(3, chance)} = ${word(chance.zipf(vocabulary))}(${words(2, chance)});`,
  );
  return `---\n ${path} | ${lines.length} ++--\n\ndiff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -100,${lines.length} +100,${lines.length} @@ static int ${topic}(void)\n${lines.join('\n')}\n`;
}

function entry(
  given: Readonly<{
    id: string;
    at: number;
    thread: Thread;
    answered: Posted | undefined;
    text: string;
    patch: string;
    chance: Chance;
  }>,
): string {
  const { id, at, thread, answered, text, patch, chance } = given;
  const author = chance.zipf(authors);
  const name = `${capital(word(authors + author))} ${capital(word(3 * author + 7))}`;
  const address = `${word(author + 20)}${author}@${word(author + 90)}.example`;
  const date = new Date(at).toUTCString().replace('GMT', '+0000');
  const [weekday, dayOfMonth, month, year, time] = date.replace(',', '').split(' ');
  const re = answered && !thread.subject.startsWith('Re: ') ? 'Re: ' : '';
  const lines = [
    `From mboxrd@z ${weekday} ${month} ${dayOfMonth} ${time} ${year}`,
    `Received: from relay${chance.upTo(9)}.example by lists.example.org with ESMTP id ${chance.upTo(1e9)}; ${date}`,
    `Received: (qmail ${chance.upTo(30_000)} invoked by uid 550); ${date}`,
    `From: ${name} <${address}>`,
    'To: oss-security@lists.example.org',
    `Subject: ${re}${thread.subject}`,
    `Date: ${date}`,
    `Message-ID: <${id}>`,
    ...(answered
      ? [`In-Reply-To: <${answered.id}>`, `References: <${thread.posted[0]?.id}> <${answered.id}>`]
      : []),
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `${text}${patch}-- \n${name}`.replace(/^(>*From )/gm, '>$1'),
    '',
    '',
  ];
  return lines.join('\n');
}

function paragraph(length: number, chance: Chance): string {
  return words(length, chance)
    .replace(/.{60,72}(?= ) /g, '$&\n')
    .concat('.');
}

function words(count: number, chance: Chance): string {
  return Array.from({ length: count }, () => word(chance.zipf(vocabulary))).join(' ');
}

const syllables = [
  'ka',
  'to',
  're',
  'mi',
  'su',
  'le',
  'no',
  'di',
  'va',
  'po',
  'ger',
  'ban',
  'lis',
  'cor',
  'ten',
  'mul',
];

/** The word of a rank: frequent ones are short. */
function word(rank: number): string {
  let text = '';
  for (let left = rank + 1; left > 0; left = Math.floor(left / 16)) text += syllables[left % 16];
  return text;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

type Chance = Readonly<{
  /** From 0 on, below 1. */
  share: () => number;
  /** A whole number below `end`. */
  upTo: (end: number) => number;
  /** The same, the small ones far more often: rank by Zipf's law. */
  zipf: (end: number) => number;
  /** The same, mostly one of the last. */
  near: (end: number) => number;
}>;

/** Marsaglia's xorshift of 32 bits: seeded, and good enough for words. */
function chanceFrom(seed: number): Chance {
  let state = seed;
  const share = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return {
    share,
    upTo: (end) => Math.floor(share() * end),
    zipf: (end) => Math.floor(Math.exp(share() * Math.log(end + 1))) - 1,
    near: (end) => Math.max(0, end - Math.ceil(Math.exp(share() * Math.log(end + 1)))),
  };
}
