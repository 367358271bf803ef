import assert from 'node:assert/strict';
import { test } from 'node:test';
import { founding, noon } from '../../../test/stand-ins/community.ts';
import { makeDesk } from '../../../test/stand-ins/desk.ts';
import { later } from '../../time/instant.ts';
import { somebodyMustRead } from './somebody-must-read.ts';

const { roster } = makeDesk().knowledge;
const report = { kind: 'new-report', doubts: [], related: undefined } as const;

test('a report is held while nobody reads its list, as of that moment', () => {
  const place = { ...report, list: 'linux-distros' };
  assert.equal(somebodyMustRead(place, roster, noon), undefined);
  assert.equal(somebodyMustRead(place, roster, later(founding, -1))?.kind, 'hold');
});

test('mail to administrators is held while a list has none, though it has members', () => {
  assert.equal(somebodyMustRead({ kind: 'owner', list: 'linux-distros' }, roster, noon), undefined);
  assert.equal(somebodyMustRead({ ...report, list: 'other' }, roster, noon), undefined);
  const finding = somebodyMustRead({ kind: 'owner', list: 'other' }, roster, noon);
  assert.match(finding?.inside ?? '', /^Nobody administers other/);
});
