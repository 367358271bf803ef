import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from './address.ts';
import { caseAddress, listAddress, readListAddress, tokenAddress, tokenLength } from './list-address.ts';

const domain = 'lists.example.org';
const lists = ['linux-distros', 'distros'];
const token = 'a2'.repeat(tokenLength / 2);

function read(text: string) {
  const address = parseAddress(text);
  return address && readListAddress(address, domain, lists);
}

test('every address that we write is read back as what it means', () => {
  assert.deepEqual(read(listAddress('distros', domain)), { kind: 'list', list: 'distros' });
  assert.deepEqual(read(caseAddress('distros', 'VS-2026-0042', domain)), {
    kind: 'case',
    list: 'distros',
    caseNumber: 'VS-2026-0042',
    team: false,
  });
  assert.deepEqual(read(caseAddress('distros', 'VS-2026-004200', domain, true)), {
    kind: 'case',
    list: 'distros',
    caseNumber: 'VS-2026-004200',
    team: true,
  });
  assert.deepEqual(read(tokenAddress('distros', 'bounce', token, domain)), {
    kind: 'bounce',
    list: 'distros',
    token,
  });
  assert.deepEqual(read(tokenAddress('distros', 'held', token, domain)), {
    kind: 'held',
    list: 'distros',
    token,
  });
});

test('mail programs may change the case of an address: it stays ours', () => {
  assert.deepEqual(read('Linux-Distros@LISTS.example.ORG'), { kind: 'list', list: 'linux-distros' });
  assert.equal(read('LINUX-DISTROS+VS-2026-0042.TEAM@lists.example.org')?.kind, 'case');
});

test('the administrators, and those whom RFC 5321 wants to be there', () => {
  assert.deepEqual(read('distros-owner@lists.example.org'), { kind: 'owner', list: 'distros' });
  assert.deepEqual(read('postmaster@lists.example.org'), { kind: 'owner', list: undefined });
  assert.deepEqual(read('Abuse@lists.example.org'), { kind: 'owner', list: undefined });
});

test('a well-formed case address means a case, whether or not there is one (R8)', () => {
  assert.equal(read('distros+vs-1999-9999@lists.example.org')?.kind, 'case');
});

test('anything else is none of ours', () => {
  const strange = [
    'distros@elsewhere.example',
    'distros@sub.lists.example.org',
    'unknown@lists.example.org',
    'unknown-owner@lists.example.org',
    'unknown+vs-2026-0042@lists.example.org',
    'distros+vs-2026-42@lists.example.org',
    'distros+vs-2026-0042000@lists.example.org',
    'distros+vs-2026-0042.all@lists.example.org',
    'distros+@lists.example.org',
    `distros+bounce-${token}a@lists.example.org`,
    `distros+bounce-${token.slice(1)}@lists.example.org`,
    `distros+held-${token.slice(1)}1@lists.example.org`,
  ];
  for (const text of strange) assert.equal(read(text), undefined, text);
});
