/** docs/standards.tsv against the citations in src: nothing is cited that has no row, nothing claimed that is not cited. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isTest, readSources } from '../architecture/source-graph.ts';

const top = fileURLToPath(new URL('../../', import.meta.url));
const sources = new Map([...(await readSources(top, ['src']))].filter(([path]) => !isTest(path)));
const [head, ...lines] = readFileSync(`${top}docs/standards.tsv`, 'utf8').trimEnd().split('\n');
const rows = lines.map((line) => {
  const [standard = '', section = '', status = '', where = '', note = ''] = line.split('\t');
  return { standard, section, status, where: where.split(' ').filter((path) => path !== ''), note, line };
});

/** `RFC 3156 §4`: also as a longer section, or `NIST SP 800-38D §8.3` for a row without one. */
function cites(text: string, standard: string, section: string): boolean {
  const words = `${standard}${section === '' ? '' : ` ${section}`}`.replaceAll('.', '\\.');
  // A line break of a comment may stand between the words.
  return new RegExp(`${words.replaceAll(' ', '[\\s*]+')}(?!\\d)`).test(text);
}

test('the table has five columns, known words and no row twice', () => {
  assert.equal(head, 'standard\tsection\tstatus\twhere\tnote');
  for (const { status, note, line } of rows) {
    assert.equal(line.split('\t').length, 5, line);
    assert.ok(['implemented', 'partly', 'planned'].includes(status), line);
    assert.notEqual(note, '', `${line}: say what of it`);
  }
  const names = rows.map(({ standard, section }) => `${standard} ${section}`);
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
});

test('every RFC that src cites has a row that is not merely planned', () => {
  const known = new Set(rows.filter(({ status }) => status !== 'planned').map(({ standard }) => standard));
  const missing = [...sources].flatMap(([path, text]) =>
    [...text.matchAll(/RFC[\s*]+(\d{4})/g)]
      .filter(([, number]) => !known.has(`RFC ${number}`))
      .map(([, number]) => `${path} cites RFC ${number}`),
  );
  assert.deepEqual(missing, []);
});

test('every row that claims something names files that exist, and an implemented one is cited in each', () => {
  const faults = rows.flatMap(({ standard, section, status, where }) => {
    if (status === 'planned') return where.length > 0 ? [`${standard} is planned and names files`] : [];
    if (where.length === 0) return [`${standard} ${section} names no file`];
    return where.flatMap((path) => {
      const text = sources.get(path);
      if (text === undefined) return [`${standard} ${section}: ${path} does not exist`];
      const claimed = status === 'implemented' && !cites(text, standard, section);
      return claimed ? [`${path} does not cite ${standard} ${section}`] : [];
    });
  });
  assert.deepEqual(faults, []);
});

test('the check of a citation can fail', () => {
  assert.equal(cites('// RFC 3156 §4', 'RFC 3156', '§4'), true);
  assert.equal(cites(' * as RFC\n * 3156 §4.1 says', 'RFC 3156', '§4'), true);
  assert.equal(cites('// RFC 3156 §41', 'RFC 3156', '§4'), false);
  assert.equal(cites('// RFC 3156 §5', 'RFC 3156', '§4'), false);
  assert.equal(cites('// RFC 31567', 'RFC 3156', ''), false);
});
