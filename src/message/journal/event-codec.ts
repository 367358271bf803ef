import type { Event } from './event.ts';

/**
 * Events as they lie, sealed, in the journal's side table: JSON, with bytes as `{"$bytes": base64}`.
 * They come back only out of our own authenticated encryption, so no shape is checked again here.
 */
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeEvent(event: Event): Uint8Array {
  return encoder.encode(
    JSON.stringify(event, (_, value: unknown) =>
      value instanceof Uint8Array ? { $bytes: toBase64(value) } : value,
    ),
  );
}

export function decodeEvent(bytes: Uint8Array): Event {
  return JSON.parse(decoder.decode(bytes), (_, value: unknown) => {
    const tagged = taggedBytes(value);
    return tagged === undefined
      ? value
      : Uint8Array.from(atob(tagged), (character) => character.charCodeAt(0));
  });
}

function taggedBytes(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('$bytes' in value)) return undefined;
  return typeof value.$bytes === 'string' ? value.$bytes : undefined;
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
