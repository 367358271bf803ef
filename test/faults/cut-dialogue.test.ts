import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RelaySettings } from '../../src/adapters/smtp/relay-settings.ts';
import { type CuttingLine, cuttingLine, type Direction } from '../stand-ins/cutting-line.ts';
import { stage } from '../stand-ins/sender-stage.ts';

/**
 * Two copies over one connection, which is cut after every possible number of bytes in either direction. Each copy
 * arrives once; twice only when the sink had taken it and its answer had not reached us (I1, first window).
 */
const readers = ['ann@member.example', 'bob@member.example'];
const smallCopy = 60;
const limit = { timeout: 120_000 };

type Cut = Readonly<{ direction: Direction; after: number }>;

async function deliverOver(cut: Cut | undefined, pipelining: boolean) {
  let port = 0;
  const line: CuttingLine = await cuttingLine(
    () => port,
    (connection) => (connection === 0 && cut ? { cut } : undefined),
  );
  const relay: RelaySettings = { host: '127.0.0.1', port: line.port, hostName: 'l.example', tls: 'none' };
  const { sink, memory, pass, end } = await stage(readers, {
    bytes: smallCopy,
    sink: { pipelining },
    sender: { relay, connections: 1 },
    onSink: (listening) => {
      port = listening;
    },
  });
  try {
    await memory.recorded(readers.length);
    const late = memory.outcomes.filter(({ kind }) => kind === 'deferred').length;
    if (late > 0) {
      pass(300_000);
      await memory.recorded(readers.length + late);
    }
    return {
      outcomes: [...memory.outcomes],
      taken: sink.mails().map(({ recipient }) => recipient),
      line,
      late,
    };
  } finally {
    await end();
    await line.close();
  }
}

/** The sink's answers to the final dots that had passed when the line was cut. */
function answersThatPassed(line: CuttingLine): number {
  return line.passed(0, 'in').split('250 taken\r\n').length - 1;
}

async function cutEverywhere(direction: Direction, pipelining: boolean): Promise<Map<string, number>> {
  const whole = await deliverOver(undefined, pipelining);
  assert.deepEqual([...whole.taken].sort(), readers);
  const length = whole.line.passed(0, direction).length;
  assert.ok(length > (direction === 'out' ? 1_500 : 100), `a dialogue of ${length} bytes`);
  const seen = new Map<string, number>();
  for (let after = 0; after <= length; after += 1) {
    const { taken, outcomes, line } = await deliverOver({ direction, after }, pipelining);
    const where = `cut after ${after} of ${length} bytes ${direction}`;
    const sent = outcomes.filter(({ kind }) => kind === 'sent').map(({ recipient }) => recipient);
    assert.deepEqual(sent.sort(), readers, `${where}: each is on record as sent, once`);
    assert.deepEqual([...new Set(taken)].sort(), readers, `${where}: each has arrived`);
    // What the first connection took and could not say.
    const dots = line.passed(0, 'out').split('\r\n.\r\n').length - 1;
    const unheard = dots - answersThatPassed(line);
    const repeated = taken.length - readers.length;
    assert.equal(repeated, unheard, `${where}: ${repeated} came twice, ${unheard} answers were lost`);
    const kinds = `${repeated} repeated`;
    seen.set(kinds, (seen.get(kinds) ?? 0) + 1);
  }
  return seen;
}

for (const [direction, pipelining] of [
  ['out', true],
  ['in', true],
  ['in', false],
] as const) {
  const how = pipelining ? 'pipelined' : 'one command at a time';
  test(
    `cut at every byte we ${direction === 'out' ? 'send' : 'hear'}, ${how}: each copy arrives, twice only when its answer was lost`,
    limit,
    async (t) => {
      const seen = await cutEverywhere(direction, pipelining);
      t.diagnostic([...seen].map(([kind, count]) => `${count} cuts: ${kind}`).join('; '));
      assert.ok((seen.get('1 repeated') ?? 0) > 0, 'the window was hit');
    },
  );
}
