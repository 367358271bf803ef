import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maximumCommands, readCommands } from './mail-commands.ts';

const ok = 'Embargod: VS-2026-0042 clear-ok';

test('a command stands at the very top; what follows it is the author’s text', () => {
  assert.deepEqual(readCommands(`${ok}\n\nDear Ann,\n`), {
    lines: [{ kind: 'command', line: ok, caseNumber: 'VS-2026-0042', command: { kind: 'clear-ok' } }],
    rest: 'Dear Ann,\n',
  });
});

test('case of letters, blank lines above, blanks between and behind do not matter', () => {
  const [line] = readCommands('\n \nembargod:  vs-2026-0042\tClear-OK  \nHello').lines;
  assert.ok(line?.kind === 'command');
  assert.equal(line.caseNumber, 'VS-2026-0042');
});

test('text without a command is handed back as it stood', () => {
  for (const text of ['', '\n\n', 'Hello\n', '\n\n  Hello\n\n'])
    assert.deepEqual(readCommands(text), { lines: [], rest: text });
});

for (const [what, text] of [
  ['a quote', `> ${ok}`],
  ['a quote without a blank', `>${ok}`],
  ['an indent', ` ${ok}`],
  ['a line behind an attribution', `On Monday Alice wrote:\n${ok}`],
  ['a line behind a quote', `> hello\n\n${ok}`],
  ['a line behind the author’s text', `Yes.\n${ok}`],
  ['a forwarded message', `-----Original Message-----\nFrom: alice\n\n${ok}`],
  ['a footer', `-- \n${ok}`],
  ['another word before it', `Re: ${ok}`],
  ['a line broken by something other than LF', `hello\u2028${ok}\u0085${ok}\r${ok}`],
  ['an older robot’s prefix', 'OSS-Sec-Bot: { "crd": "2026-12-01T16:00Z" }'],
] as const) {
  test(`${what} is no command`, () => assert.deepEqual(readCommands(text).lines, []));
}

for (const [what, line, why] of [
  ['no case', 'Embargod: clear-ok', /names its case first/],
  ['nothing at all', 'Embargod:', /names its case first/],
  ['a malformed case', 'Embargod: VS-2026-42 clear-ok', /names its case first/],
  ['no command', 'Embargod: VS-2026-0042', /it names no command; known: clear-ok/],
  ['an unknown command', 'Embargod: VS-2026-0042 publish now', /there is no such command; known: clear-ok/],
  ['words too many', `${ok} please`, /stands alone/],
  ['a line too long', `${ok} ${'x'.repeat(600)}`, /too long/],
] as const) {
  test(`a line with ${what} is answered, not done`, () => {
    const [read, ...more] = readCommands(`${line}\n\nHello`).lines;
    assert.ok(read?.kind === 'not-understood' && more.length === 0);
    assert.match(read.why, why);
  });
}

test('a mail full of commands gives so many and refuses the rest', () => {
  const { lines } = readCommands(`${ok}\n`.repeat(maximumCommands + 3));
  assert.equal(lines.filter(({ kind }) => kind === 'command').length, maximumCommands);
  assert.equal(lines.filter(({ kind }) => kind === 'not-understood').length, 3);
});

const prose = fc.stringMatching(/^[A-Za-z>][ -~]{0,60}$/).filter((line) => !/^Embargod:/i.test(line));
const anyLine = fc.oneof(prose, fc.constantFrom(ok, '', '-- ', `> ${ok}`), fc.string());

test('whatever is quoted, and whatever follows the author’s first line, is never read', () => {
  fc.assert(
    fc.property(prose, fc.array(anyLine), (first, more) => {
      assert.deepEqual(readCommands([first, ...more].join('\n')).lines, []);
      assert.deepEqual(
        readCommands([ok, ...more].map((line) => `> ${line.replaceAll('\n', ' ')}`).join('\n')).lines,
        [],
      );
    }),
  );
});

test('the rest holds no command at its top, so that none is read twice', () => {
  fc.assert(
    fc.property(fc.array(anyLine), (lines) => {
      const { rest } = readCommands([ok, ...lines].join('\n'));
      assert.deepEqual(readCommands(rest).lines, []);
    }),
  );
});
