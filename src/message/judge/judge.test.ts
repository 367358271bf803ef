import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeDesk } from '../../../test/stand-ins/desk.ts';
import { encrypted, inClear, makeLetter } from '../../../test/stand-ins/letters.ts';
import { judge, rules } from './judge.ts';
import { mailMustBeReadable } from './mail-must-be-readable.ts';
import { type Rule, waitsForAnAdministrator } from './rule.ts';

const desk = makeDesk();
const untaggedInClear = { encryption: inClear, head: { subject: 'hello' } };

function rule(name: string, kind: 'mark' | 'hold' | 'refuse' | undefined): Rule {
  return { name, judge: () => kind && { kind, inside: `${name} says so`, outside: '' } };
}

test('an encrypted report passes, marked only as unsigned', () => {
  const verdict = judge(makeLetter(desk), desk.knowledge);
  assert.equal(verdict.kind, 'pass');
  assert.deepEqual(verdict.kind === 'pass' && verdict.marks.map((mark) => mark.rule), [
    'unknown-signer-is-marked',
  ]);
});

test('a refusal ends the asking, even behind a hold', () => {
  const never: Rule = { name: 'never', judge: () => assert.fail('was asked after a refusal') };
  const verdict = judge(makeLetter(desk), desk.knowledge, [rule('a', 'hold'), rule('b', 'refuse'), never]);
  assert.deepEqual(verdict, {
    kind: 'refuse',
    findings: [{ kind: 'refuse', rule: 'b', inside: 'b says so', outside: '' }],
  });
});

test('holds add up, and marks are not among their reasons', () => {
  const verdict = judge(makeLetter(desk), desk.knowledge, [
    rule('a', 'hold'),
    rule('b', 'mark'),
    rule('c', 'hold'),
  ]);
  assert.deepEqual(verdict.kind === 'hold' && verdict.findings.map((finding) => finding.rule), ['a', 'c']);
});

test('what a person passed it over holds a mail no more, and its readers are told as a mark', () => {
  const letter = makeLetter(desk, {
    ...untaggedInClear,
    letter: { passed: { by: 'the operator', over: ['new-report-must-be-tagged-or-encrypted'] } },
  });
  const verdict = judge(letter, desk.knowledge);
  assert.ok(verdict.kind === 'pass');
  assert.ok(verdict.marks.some((mark) => mark.rule === 'new-report-must-be-tagged-or-encrypted'));
});

test('passed over one rule, a mail is still held by another', () => {
  const letter = makeLetter(desk, { letter: { passed: { by: 'its sender, by replying', over: ['a'] } } });
  const verdict = judge(letter, desk.knowledge, [rule('a', 'hold'), rule('b', 'hold')]);
  assert.deepEqual(verdict.kind === 'hold' && verdict.findings.map((finding) => finding.rule), ['b']);
});

test('what was passed can still be refused', () => {
  const letter = makeLetter(desk, { letter: { passed: { by: 'the operator', over: ['a'] } } });
  assert.equal(judge(letter, desk.knowledge, [rule('a', 'refuse')]).kind, 'refuse');
});

test('every rule has a name of its own, as it is spoken', () => {
  const names = rules.map((one) => one.name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[a-z]+(-[a-z]+)+$/);
});

test('a letter from hell draws every rule, and the outside texts say one of three things (I9)', () => {
  const allowed = [
    '',
    waitsForAnAdministrator,
    'A report is encrypted to the list’s key, or its subject has [vs] in it. Yours was neither.',
  ];
  const letter = makeLetter(desk, {
    recipients: ['linux-distros+vs-1999-0001'],
    head: { subject: 'x', repeated: ['from'], names: new Set(['x-autoreply', 'embargod-copy']) },
    signature: { kind: 'invalid', keyId: 'AB', reason: 'digest' },
    encryption: encrypted,
  });
  for (const one of rules) {
    const found = one.judge(letter, desk.knowledge);
    if (found) assert.ok(allowed.includes(found.outside), `${one.name}: ${found.outside}`);
  }
});

test('what cannot be opened is held, whatever the cause, and the outside hears none of it', () => {
  const causes = [
    'not-for-us',
    'damaged',
    'too-large',
    'too-many-parts',
    'unreadable-structure',
    'child-failed',
  ] as const;
  for (const reason of causes) {
    const found = mailMustBeReadable({ kind: 'unopenable', reason, detail: 'detail', outer: undefined });
    assert.equal(found.kind, 'hold');
    assert.ok(found.inside.length > 10);
    assert.equal(found.outside, waitsForAnAdministrator);
  }
});
