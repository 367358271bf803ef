import type { Instant } from '../../time/instant.ts';
import { madeUpId } from './made-up-id.ts';
import type { NewPosting, ShownPart } from './posting.ts';
import { type PostedPart, readPosting } from './read-posting.ts';

/** What reading a posting takes from outside. */
export type PostingTools = Readonly<{
  sha256: (bytes: Uint8Array) => Uint8Array;
  htmlToText: (html: string) => Promise<string>;
}>;

/** A posting of before, as an archive brings it: its own header says when. */
export function importedPosting(
  list: string,
  raw: Uint8Array,
  { now, ...tools }: PostingTools & Readonly<{ now: Instant }>,
): Promise<NewPosting> {
  return makePosting(
    { list, raw, when: ({ arrivedAt, writtenAt }) => plausible(arrivedAt, writtenAt, now) },
    tools,
  );
}

/** A posting of now. */
export function arrivedPosting(
  list: string,
  raw: Uint8Array,
  { receivedAt, ...tools }: PostingTools & Readonly<{ receivedAt: Instant }>,
): Promise<NewPosting> {
  return makePosting({ list, raw, when: () => receivedAt }, tools);
}

type Read = ReturnType<typeof readPosting>;

async function makePosting(
  { list, raw, when }: Readonly<{ list: string; raw: Uint8Array; when: (read: Read) => Instant }>,
  { sha256, htmlToText }: PostingTools,
): Promise<NewPosting> {
  const read = readPosting(raw);
  const digest = sha256(read.written);
  const parts: ShownPart[] = [];
  for (const part of read.parts) parts.push(await shownPart(part, htmlToText));
  const { author } = read;
  return {
    list,
    id: read.id ?? madeUpId(digest),
    digest,
    postedAt: when(read),
    subject: read.subject,
    authorName: author?.name?.slice(0, longestName),
    authorAddress: author && author.address.length <= longestAddress ? author.address : undefined,
    answers: read.answers,
    cveIds: read.cveIds,
    hasPatch: read.hasPatch,
    parts,
    raw,
  };
}

/** Beyond RFC 5321 §4.5.3.1's 320; names that are shown in lists. */
const longestAddress = 400;
const longestName = 200;

async function shownPart(
  { shown, ...part }: PostedPart,
  htmlToText: PostingTools['htmlToText'],
): Promise<ShownPart> {
  if (shown?.kind !== 'html') return { ...part, text: shown?.text, fromHtml: false };
  return { ...part, text: await htmlToText(shown.text), fromHtml: true };
}

/** Mail as we know it is younger. */
const earliest = Date.UTC(1982, 7, 13);

/** What the last machine wrote counts before what the author did; a time to come, or from before mail, is none. */
function plausible(arrived: Instant | undefined, written: Instant | undefined, now: Instant): Instant {
  const found = [arrived, written].find((at) => at !== undefined && at >= earliest && at <= now);
  return found ?? now;
}
