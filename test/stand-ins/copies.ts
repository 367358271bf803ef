/** Reads what a plan would send, as a member's program would: by our own parser, from the bytes alone. */
import assert from 'node:assert/strict';
import { readHeader } from '../../src/mail/header-fields.ts';
import { type Entity, splitEntity } from '../../src/mail/split-entity.ts';
import { wrapOutside } from '../../src/message/copy/outer-header.ts';
import type { Outgoing, Unreached } from '../../src/message/plan.ts';
import { address, domain, noon } from './community.ts';
import { textOf } from './letters.ts';

export type ReadCopy = Readonly<{
  text: string;
  /** Lower-case name to the values of the protected header, unfolded. */
  header: ReadonlyMap<string, readonly string[]>;
  parts: readonly Entity[];
  /** Our part's text, CRLF as written. */
  ourPart: string;
  /** The same with its continued lines joined, as one would read it aloud. */
  told: string;
  /** The header around the ciphertext. */
  outside: string;
}>;

export function readCopy(outgoing: Outgoing | undefined, unreached: readonly Unreached[] = []): ReadCopy {
  assert.ok(outgoing, 'there is no such copy');
  const bytes = outgoing.compose(unreached);
  const split = splitEntity(bytes);
  assert.ok(split.kind === 'entity', 'our own parser reads what we write');
  const parts = split.entity.children;
  const [first] = parts;
  assert.ok(first);
  const { head } = wrapOutside({
    listAddress: address(`linux-distros@${domain}`),
    messageId: outgoing.messageId,
    outer: outgoing.outer,
    at: noon,
    boundary: 'b',
  });
  return {
    text: textOf(bytes),
    header: headerOf(bytes),
    parts,
    ourPart: textOf(first.body),
    told: textOf(first.body).replace(/\r\n +/g, ' '),
    outside: textOf(head),
  };
}

export function headerOf(bytes: Uint8Array): ReadonlyMap<string, readonly string[]> {
  const header = readHeader(bytes, 0, bytes.length);
  assert.ok(typeof header === 'object', 'a header that can be read');
  const fields = new Map<string, readonly string[]>();
  for (const { lowerName, value } of header.fields) {
    fields.set(lowerName, [...(fields.get(lowerName) ?? []), value]);
  }
  return fields;
}
