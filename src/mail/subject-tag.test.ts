import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bareSubject, hasNewReportTag, hasTag } from './subject-tag.ts';

test('the tag is known anywhere in a subject, in any case, and in its plain form', () => {
  for (const subject of ['[vs] a', 'a [VS]', 'Re: [vs-plain] a', '[Vs-Plain]'])
    assert.ok(hasTag(subject), subject);
  for (const subject of ['', 'vs a', '[v s] a', '[vs a', '[vsx]']) assert.ok(!hasTag(subject), subject);
});

test('a tag behind a reply mark, in the languages of the field, was not typed for a new topic', () => {
  for (const mark of ['Re:', 'RE[2]:', 'Aw: ', 'Antw: ', 'Fwd: Re: ', ' re : ']) {
    assert.ok(!hasNewReportTag(`${mark} [vs] a`), mark);
  }
  assert.ok(hasNewReportTag('[vs] Re: is not a mark here'));
});

test('the same topic is the same without marks, tags and odd blanks', () => {
  assert.equal(bareSubject('Re: AW:  [vs]  a   flaw '), 'a flaw');
  assert.equal(bareSubject('[vs-plain] a flaw'), 'a flaw');
});

test('a hostile subject costs no time', () => {
  fc.assert(
    fc.property(fc.constantFrom('re:', 're[', ' ', 'fwd :', '[vs'), (piece) => {
      hasNewReportTag(piece.repeat(20_000));
      bareSubject(piece.repeat(20_000));
    }),
  );
});
