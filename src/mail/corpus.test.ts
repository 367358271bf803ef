import assert from 'node:assert/strict';
import { test } from 'node:test';
import { corpusMails, corpusMissing } from '../../test/fixtures/mail/kernel-hardening.ts';
import { authorText } from './entity-text.ts';
import { readLetterHead } from './read-letter-head.ts';
import { splitEntity, walk } from './split-entity.ts';

test('1,500 mails of a public list split, with author, date, id and text each', {
  skip: corpusMissing,
}, () => {
  const mails = corpusMails();
  assert.equal(mails.length, 1_500);
  const charactersOfDamage = { replacement: 0, encodedWords: 0 };
  for (const raw of mails) {
    const split = splitEntity(raw);
    assert.equal(split.kind, 'entity');
    if (split.kind !== 'entity') continue;
    const head = readLetterHead(split.entity.fields);
    assert.equal(head.from.length, 1);
    assert.ok(head.date !== undefined && head.messageId !== undefined && head.subject !== '');
    assert.deepEqual(head.repeated, []);
    assert.ok((authorText(split.entity)?.text.length ?? 0) > 0);
    if (/=\?[^ ]+\?[bq]\?/i.test(`${head.subject}${head.from[0]?.name}`))
      charactersOfDamage.encodedWords += 1;
    if (head.subject.includes('\ufffd')) charactersOfDamage.replacement += 1;
  }
  assert.deepEqual(charactersOfDamage, { replacement: 0, encodedWords: 0 });
});

test('every entity of the 1,500 lies within its parent, with the bytes it claims', {
  skip: corpusMissing,
}, () => {
  let parts = 0;
  for (const raw of corpusMails()) {
    const split = splitEntity(raw);
    if (split.kind !== 'entity') continue;
    for (const entity of walk(split.entity)) {
      parts += 1;
      assert.deepEqual(Buffer.from(entity.bytes), raw.subarray(entity.start, entity.end));
      for (const child of entity.children)
        assert.ok(child.start >= entity.bodyStart && child.end <= entity.end);
    }
  }
  assert.ok(parts > 1_500);
});
