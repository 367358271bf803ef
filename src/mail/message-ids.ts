import type { MessageId } from './letter-head.ts';

/** RFC 5322 §2.1.1 limits a line to 998; a longer id is no id and would only fill our index. */
const maximumMessageId = 996;
/** References grow with a thread; the first and the last tell where a mail belongs. 1,000 would index a whole archive. */
export const maximumReferences = 200;

/** Bytes: what an index of ids can hold. Longer texts are not encoded to be refused. */
function utf8Length(text: string): number {
  return text.length > maximumMessageId ? text.length : new TextEncoder().encode(text).length;
}

/** `<left@right>` without blanks or control characters (RFC 5322 §3.6.4, borne without `@`, as old systems wrote). */
export function parseMessageId(text: string): MessageId | undefined {
  return utf8Length(text) <= maximumMessageId && /^<[^<>\s\p{Cc}]+>$/u.test(text)
    ? (text as MessageId)
    : undefined;
}

/** Every id of an In-Reply-To or References field, in order, each once; other words in it (§4.5.4) are skipped. */
export function readMessageIds(value: string): readonly MessageId[] {
  const ids = new Set<MessageId>();
  // Some programs fold inside an id: blanks within brackets go.
  for (const match of value.matchAll(/<[^<>]{1,2000}>/g)) {
    const id = parseMessageId(match[0].replace(/\s+/g, ''));
    if (id) ids.add(id);
  }
  const all = [...ids];
  return all.length <= maximumReferences ? all : [...all.slice(0, 1), ...all.slice(1 - maximumReferences)];
}
