import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommanderError } from 'commander';
import { commandLine } from './command-line.ts';
import type { Deed } from './deed.ts';

async function read(words: readonly string[]): Promise<Deed | CommanderError> {
  let found: Deed | undefined;
  const program = commandLine('1', async (deed) => {
    found = deed;
  });
  const quiet = (command: typeof program): void => {
    command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    command.commands.forEach(quiet);
  };
  quiet(program);
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error;
    throw error;
  }
  assert.ok(found, `nothing was done for ${words.join(' ')}`);
  return found;
}

const anyRow = { states: undefined, to: undefined, caseNumber: undefined, olderThan: undefined };

const contract: readonly Readonly<{ words: readonly string[]; deed: unknown }>[] = [
  {
    words: ['list', 'show', 'distros'],
    deed: { kind: 'ask', request: { kind: 'list-show', name: 'distros' } },
  },
  { words: ['list', 'key', 'distros', '--json'], deed: { kind: 'list-key', name: 'distros' } },
  {
    words: ['list', 'add', 'x-list', '--preset', 'distros'],
    deed: { kind: 'add-list', name: 'x-list', preset: 'distros', includes: undefined },
  },
  {
    words: [
      'member',
      'add',
      'Chrome OS',
      '--list',
      'a-list',
      '--list',
      'b-list,c-list',
      '--product',
      'P',
      '--data',
      '/d',
    ],
    deed: {
      kind: 'ask',
      request: {
        kind: 'member-add',
        name: 'Chrome OS',
        lists: ['a-list', 'b-list', 'c-list'],
        products: ['P'],
      },
    },
  },
  {
    words: ['representative', 'add', 'Chrome OS', 'Alice@Example.org', '--certificate', 'f.asc'],
    deed: { kind: 'add-representative', member: 'Chrome OS', address: 'Alice@example.org', file: 'f.asc' },
  },
  {
    words: ['representative', 'suspend', 'Chrome OS', 'a@example.org'],
    deed: {
      kind: 'ask',
      request: { kind: 'representative-suspend', member: 'Chrome OS', address: 'a@example.org' },
    },
  },
  {
    words: ['certificate', 'check', '--within', '2d'],
    deed: { kind: 'ask', request: { kind: 'certificate-check', within: 172_800_000 } },
  },
  { words: ['run', '--only', 'intake,sender'], deed: { kind: 'run', only: ['intake', 'sender'] } },
  {
    words: ['held', 'refuse', 'x', '--reason', 'no'],
    deed: { kind: 'ask', request: { kind: 'held-refuse', id: 'x', reason: 'no' } },
  },
  { words: ['outbox', 'list'], deed: { kind: 'outbox-list', all: false, filter: anyRow } },
  {
    words: ['outbox', 'list', '--state', 'failed,held', '--to', '@debian.example', '--older-than', '2h'],
    deed: {
      kind: 'outbox-list',
      all: false,
      filter: { ...anyRow, states: ['failed', 'held'], to: '@debian.example', olderThan: 7_200_000 },
    },
  },
  { words: ['outbox', 'summary'], deed: { kind: 'outbox-summary' } },
  { words: ['outbox', 'show', 'r1'], deed: { kind: 'outbox-show', id: 'r1' } },
  {
    words: ['outbox', 'hold', 'r1', 'r2'],
    deed: {
      kind: 'outbox-change',
      change: 'hold',
      ids: ['r1', 'r2'],
      filter: anyRow,
      every: false,
      dryRun: false,
    },
  },
  {
    words: ['outbox', 'flush'],
    deed: {
      kind: 'outbox-change',
      change: 'retry',
      ids: [],
      filter: { ...anyRow, states: ['deferred'] },
      every: true,
      dryRun: false,
    },
  },
  { words: ['upgrade'], deed: { kind: 'upgrade', database: undefined } },
  {
    words: ['list', 'rotate-key', 'distros'],
    deed: { kind: 'rotate-list-key', name: 'distros', compromised: false, sure: false },
  },
  {
    words: ['list', 'rotate-key', 'distros', '--compromised', '--yes'],
    deed: { kind: 'rotate-list-key', name: 'distros', compromised: true, sure: true },
  },
  {
    words: ['key', 'custodian', 'a@example.org'],
    deed: { kind: 'ask', request: { kind: 'key-custodian', address: 'a@example.org' } },
  },
  { words: ['key', 'export'], deed: { kind: 'key-export', output: undefined } },
  { words: ['key', 'import'], deed: { kind: 'key-import', file: '-' } },
  { words: ['key', 'import', 'opened.json'], deed: { kind: 'key-import', file: 'opened.json' } },
  { words: ['case', 'show', 'vs-2026-0042'], deed: { kind: 'case-show', number: 'VS-2026-0042' } },
  { words: ['journal', 'verify'], deed: { kind: 'ask', request: { kind: 'journal-verify' } } },
  { words: ['doctor'], deed: { kind: 'doctor' } },
];

for (const { words, deed } of contract) {
  test(`embargod ${words.join(' ')} means what the contract says`, async () => {
    assert.deepEqual(await read(words), deed);
  });
}

const misuses = [
  ['bogus'],
  ['list', 'add', 'distros'],
  ['list', 'add', 'Distros!', '--preset', 'distros'],
  ['list', 'show'],
  ['list', 'show', 'a-list', 'b-list'],
  ['member', 'add', 'X'],
  ['representative', 'add', 'X', 'not an address', '--certificate', 'f'],
  ['certificate', 'check', '--within', 'soon'],
  ['run', '--only', 'everything'],
  ['init', '--domain', 'no dots'],
  ['init', '--domain', 'lists.example.org', '--smtp', '25'],
  ['held', 'pass'],
  ['key', 'custodian'],
  ['key', 'export', 'file'],
  ['case', 'show', '42'],
];

for (const words of misuses) {
  test(`embargod ${words.join(' ')} is wrong usage, and nothing is done`, async () => {
    const end = await read(words);
    assert.ok(end instanceof CommanderError);
    assert.notEqual(end.exitCode, 0);
  });
}
