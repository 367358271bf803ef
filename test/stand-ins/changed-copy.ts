/** Copies as the keyholder makes them, changed by one hand, and what `sender`'s own check says of them (P5). */
import assert from 'node:assert/strict';
import { checkCopy, readBody, readPermit } from '../../src/message/deliver/check-copy.ts';
import type { OutboxRow, Permit, ReaderRow } from '../../src/message/ports.ts';
import { instantFromMilliseconds } from '../../src/time/instant.ts';
import { keyholderWord, sha256 } from './keyholder-word.ts';
import { type CopyContent, copiesFor, type StandInBody, sealedBody } from './sealed-copy.ts';

export const word = keyholderWord();
export const now = instantFromMilliseconds(1_795_000_000_000);
export const tools = { verify: word.verify, sha256 };
export const foreignKey = 'F'.repeat(16);

export type Case = {
  row: OutboxRow;
  content: CopyContent;
  permit: Permit | undefined;
  reader: ReaderRow | undefined;
  body: StandInBody;
};

/** A good copy, changed by one hand; unless told otherwise the keyholder itself signs the changed one. */
export function check(change: (good: Case) => Partial<Case>, options: { signed?: boolean } = {}) {
  const body = sealedBody(600, now);
  const { rows, permit, readers } = copiesFor(word, body, ['bob@member.example'], now);
  const row = rows[0];
  assert.ok(row && row.content.kind === 'copy');
  const good: Case = { row, content: row.content, permit, reader: readers[0], body };
  const changed = { ...good, ...change(good) };
  const changedRow = { ...changed.row, content: changed.content };
  const { alignment } = changed.content;
  const parts = {
    id: changed.body.id,
    alignment,
    envelopeHead: changed.body.envelopeHead,
    tail: changed.body.tails[alignment],
    envelopeEnd: changed.body.envelopeEnd,
  };
  const signed =
    options.signed === false ? changed.permit : word.permit(changedRow.permitId, [changedRow], [parts]);
  return checkCopy(
    {
      row: changedRow,
      content: changed.content,
      permit: signed && readPermit(signed, tools),
      reader: changed.reader,
      body: readBody(parts, tools),
    },
    tools,
  );
}

export const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
export const bytes = (content: string) => new Uint8Array(Buffer.from(content, 'latin1'));
