import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hour, instantFromMilliseconds, later, minute } from '../time/instant.ts';
import { longestSignatureAge, signatureFault } from './command-signature.ts';

const now = instantFromMilliseconds(Date.UTC(2026, 10, 23, 12));
const signed = (ago: number) => ({ signedAt: later(now, -ago), digest: 'd' });
const fault = (ago: number, spent: readonly string[] = []) =>
  signatureFault(signed(ago), now, { spent: new Set(spent), restored: undefined });

test('a signature counts for 72 hours, and not a moment longer', () => {
  assert.equal(fault(0), undefined);
  assert.equal(fault(longestSignatureAge), undefined);
  assert.match(fault(longestSignatureAge + 1) ?? '', /older than 72 hours/);
});

test('one of the future does not count; a clock that runs a little ahead does no harm', () => {
  assert.equal(fault(-5 * minute), undefined);
  assert.match(fault(-hour) ?? '', /in the future/);
});

test('a spent signature is spent, however fresh it is', () => {
  assert.match(fault(0, ['d']) ?? '', /before/);
  assert.equal(fault(0, ['other']), undefined);
});

test('one from before a restore does not count: whether it was spent is forgotten (I12)', () => {
  const restored = { at: later(now, -hour) };
  const after = (ago: number) => signatureFault(signed(ago), now, { spent: new Set(), restored });
  assert.match(after(hour + 1_000) ?? '', /before the database was restored/);
  assert.equal(after(hour), undefined);
  assert.equal(after(hour + 999), undefined, 'signatures tell whole seconds');
});
