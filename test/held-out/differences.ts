// How a held-out mail is scored: what was claimed against what a run saw. No difference is a point.

import type { Claims, Expectation, ExpectedPart } from './expectation.ts';

/** What a run saw of one mail. `undefined`: the server does not tell (of a held or refused mail, say). */
export interface Seen {
  readonly verdict: Claims['verdict'];
  readonly encryption?: Claims['encryption'] | undefined;
  readonly signature?: Claims['signature'] | undefined;
  readonly signer?: Claims['signer'] | undefined;
  readonly subject?: string | undefined;
  readonly from?: string | undefined;
  readonly list?: Claims['list'] | undefined;
  /** The name of the mail that opened the case this one was filed under. */
  readonly caseOf?: string | undefined;
  /** Decoded texts after our part, in a member's opened copy. */
  readonly texts?: readonly string[] | undefined;
  /** Decoded leaf parts after our part, opened ones included. */
  readonly parts?: readonly { readonly fileName?: string | undefined; readonly sha256: string }[] | undefined;
  /** The member's opened copy, byte for byte. */
  readonly copy?: Uint8Array | undefined;
}

/** The differences to the nearest of the outcomes that are right; empty when the mail was handled so. */
export function differences(expectation: Expectation, seen: Seen): readonly string[] {
  const { alsoRight = [], ...first } = expectation;
  const outcomes: Claims[] = [
    first,
    ...alsoRight.map(({ because: _, ...other }) => ({ ...first, ...other })),
  ];
  const found = outcomes.map((claims) => differencesTo(claims, seen));
  return found.reduce((least, next) => (next.length < least.length ? next : least));
}

function differencesTo(claims: Claims, seen: Seen): string[] {
  const passed = claims.verdict === 'new-case' || claims.verdict === 'reply';
  return [
    ...differing('verdict', claims.verdict, seen.verdict, true),
    ...differing('encryption', claims.encryption, seen.encryption, passed),
    ...differing('signature', claims.signature, seen.signature, passed),
    ...differing('signer', claims.signer, seen.signer, passed && claims.signature === 'valid'),
    ...differing('subject', claims.subject, seen.subject, passed),
    ...differing('from', claims.from.toLowerCase(), seen.from?.toLowerCase(), passed),
    ...(claims.list ? differing('list', claims.list, seen.list, passed) : []),
    ...(claims.caseOf ? differing('case of', claims.caseOf, seen.caseOf, passed) : []),
    ...(passed ? contentDifferences(claims, seen) : []),
  ];
}

function differing(what: string, wanted: unknown, got: unknown, demanded: boolean): string[] {
  if (got === wanted || (got === undefined && !demanded)) return [];
  // A verdict of another kind than `valid` may still name whom the signature claims.
  if (what === 'signer' && !demanded) return [];
  return [`${what}: wanted ${String(wanted)}, got ${String(got)}`];
}

function contentDifferences(claims: Claims, seen: Seen): string[] {
  const texts = (seen.texts ?? []).join('\n');
  const wanted = [...claims.textIncludes, ...(claims.signedTextIncludes ?? [])];
  const files = [...(claims.attachments ?? []), ...(claims.openedParts ?? [])];
  return [
    ...wanted.filter((text) => !texts.includes(text)).map((text) => `text lacks: ${text.slice(0, 80)}`),
    ...(claims.textExcludes ?? []).filter((text) => texts.includes(text)).map((text) => `text has: ${text}`),
    ...files
      .filter((file) => !(seen.parts ?? []).some((part) => isFile(file, part)))
      .map((file) => `no part ${file.fileName ?? ''} ${file.sha256}`),
    ...(claims.entity && !(seen.copy && Buffer.from(seen.copy).includes(Buffer.from(claims.entity)))
      ? ["the author's entity is not in the copy byte for byte"]
      : []),
  ];
}

function isFile(wanted: ExpectedPart, part: { fileName?: string | undefined; sha256: string }): boolean {
  const sameBytes = part.sha256 === wanted.sha256 || part.sha256 === wanted.sha256AsText;
  return sameBytes && (wanted.fileName === undefined || wanted.fileName === part.fileName);
}
