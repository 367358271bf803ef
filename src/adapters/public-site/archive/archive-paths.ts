/** The archive's addresses, which never move (docs/urls.md). Each begins with `/` and is ready for an `href`. */
import type { MessageId } from '../../../mail/letter-head.ts';
import { parseMessageId } from '../../../mail/message-ids.ts';
import type { Place } from '../../../publication/archive/archive-port.ts';
import { formatInstant, instantFromMilliseconds } from '../../../time/instant.ts';

export function listPath(list: string): string {
  return `/${list}/`;
}

/** By Message-ID without its brackets; with them where it would read as something else, such as a year. */
export function postingPath(list: string, id: MessageId, below = ''): string {
  const bare = id.slice(1, -1);
  const name = bare.includes('@') ? bare : id;
  // RFC 3986 §3.3: `@` and `:` stand for themselves in a path; what people copy should look like the id.
  return `/${list}/${encodeURIComponent(name).replaceAll('%40', '@').replaceAll('%3A', ':')}/${below}`;
}

/** What stands in a path, decoded, as an id; undefined when it cannot be one. */
export function idOfPath(name: string): MessageId | undefined {
  return parseMessageId(name.startsWith('<') && name.endsWith('>') ? name : `<${name}>`);
}

export function datedPath(list: string, day: string, number?: number): string {
  return `/${list}/${day.replaceAll('-', '/')}/${number === undefined ? '' : number}`;
}

export function cvePath(id: string): string {
  return `/cve/${id}/`;
}

/** A page of an order that goes on: where the one before it ended. */
export function placeText({ at, number }: Place): string {
  return `${at}.${number}`;
}

export function readPlace(text: string | undefined): Place | undefined {
  const [, at, number] = /^(\d{1,15})\.(\d{1,15})$/.exec(text ?? '') ?? [];
  return at === undefined ? undefined : { at: instantFromMilliseconds(Number(at)), number: Number(number) };
}

/** `2026-08-24 10:00`, for people; always UTC. */
export function shortTime(at: Parameters<typeof formatInstant>[0]): string {
  return formatInstant(at).slice(0, 16).replace('T', ' ');
}
