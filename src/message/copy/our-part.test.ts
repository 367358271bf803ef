import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readCommands } from '../../case/mail-commands.ts';
import { writeOurPart } from './our-part.ts';

const command = 'Embargod: VS-2026-0042 clear-ok';
const piece = fc.oneof(
  fc.constantFrom(command, '\n', '\r', '\u2028', ' ', 'Embargod:', 'x'.repeat(70)),
  fc.string(),
);

test('whatever strangers’ words it repeats, no line of our part is a command (A2)', () => {
  fc.assert(
    fc.property(fc.array(piece), fc.array(piece), (title, text) => {
      const part = writeOurPart({
        title: `VS-2026-0042 · ${title.join('')}`,
        lines: [{ label: 'Note', text: text.join('') }],
      });
      for (const line of part.split(/[\r\n\u0085\u2028\u2029]/))
        assert.deepEqual(readCommands(line).lines, []);
    }),
  );
});
