/**
 * Where a mail's non-delivery would be reported to, as MAIL FROM gives it (RFC 5321 §4.1.2). We write to nobody by it,
 * so it is taken as wide as servers write it: forwarders' addresses (SRS) pass the 64 characters of a local part, others
 * quote theirs. Refusing one would lose a report. Every `Address` is one, and not the other way round.
 */
export type ReversePath = string & { readonly __brand: 'ReversePath' | 'Address' };

/** Attack: sealed envelopes filled by addresses without end. RFC 5321 §4.5.3.1.3 has 256; chains of forwarders pass that. */
const maximumPath = 1_000;

/** Quoted, or one word; no control characters, so that nothing can end a line of whatever is written from it. */
const quoted = /^"(?:[^"\\\p{Cc}\p{Zl}\p{Zp}]|\\[^\p{Cc}\p{Zl}\p{Zp}])*"$/u;
const word = /^[^\p{Cc}\p{Z}<>"@]+$/u;

/** Undefined when two programs could read it differently, or a line could end in it. The null path is not one. */
export function parseReversePath(text: string): ReversePath | undefined {
  // The last `@`: what comes before it in a quoted local part belongs to that.
  const at = text.lastIndexOf('@');
  if (at < 1 || text.length > maximumPath) return undefined;
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  if (!word.test(domain) || !(word.test(local) || quoted.test(local))) return undefined;
  return `${local}@${domain.toLowerCase()}` as ReversePath;
}
