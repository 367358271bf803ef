import type { z } from 'zod';
import { type DocumentValues, sections, topKeys } from './document.ts';
import { defaultOf, type KeyNote, noteOf } from './key-note.ts';

const width = 110;

/**
 * The one commented `embargod.toml`: every key with its meaning, what `values` sets uncommented, the rest commented out
 * at its default, or as an example where there is none.
 */
export function printConfiguration(values: Partial<DocumentValues>): string {
  const set: Readonly<Record<string, unknown>> = values;
  const lines = [
    '# embargod.toml: how this server runs. `embargod doctor` checks it; docs/config.md explains it at length.',
    '# A line that is commented out shows the default, or an example where it says so.',
    '# Keys marked [reload] take effect at SIGHUP (`systemctl reload embargod`), the others at the next start.',
    '',
    ...table(topKeys, set),
  ];
  for (const [name, { about, schema }] of Object.entries(sections)) {
    if (name === 'sink' && values.demo !== true) continue;
    const part: Readonly<Record<string, unknown>> = Object(set[name]);
    lines.push(`# ---- ${about}`, `[${name}]`, '', ...table(schema.shape, part));
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function table(
  shape: Readonly<Record<string, z.ZodType>>,
  values: Readonly<Record<string, unknown>>,
): string[] {
  return Object.entries(shape).flatMap(([name, schema]) => {
    const note = noteOf(schema);
    if (!note) throw new Error(`${name} has no note in document.ts.`);
    const value = values[name];
    const preset = usefulDefault(schema, note);
    const commented = `# ${name} = ${preset ?? note.example}`;
    const about = preset === undefined ? `${note.about} Not set by default; for example:` : note.about;
    return value === undefined
      ? [...comment({ ...note, about }), commented, '']
      : [...comment(note), `${name} = ${printValue(value)}`, ''];
  });
}

/** An empty list is as good as none. */
function usefulDefault(schema: z.ZodType, note: KeyNote): string | undefined {
  const found = defaultOf(schema, note);
  return found === '[]' ? undefined : found;
}

function comment(note: KeyNote): string[] {
  return wrap(`${note.reload ? '[reload] ' : ''}${note.about}`, width - 3).map((line) => `# ${line}`);
}

/** TOML's basic strings, booleans, integers and arrays of them are JSON's (TOML 1.0). */
function printValue(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(printValue).join(', ')}]` : JSON.stringify(value);
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** `docs/config.md`. */
export function printConfigurationGuide(): string {
  const lines = [
    '# Configuration',
    '',
    '`embargod init` writes one commented `embargod.toml` into the data directory. This page is printed from the same',
    'source (`src/run/config/document.ts`); do not edit it by hand. A key that is not set has its default. An unknown key,',
    'or a bad value, stops the start with a sentence that names it.',
    '',
    '*Reload* says whether `SIGHUP` is enough; other keys need a restart.',
    '',
    ...guideTable(topKeys),
  ];
  for (const [name, { about, schema }] of Object.entries(sections)) {
    lines.push(`## [${name}]`, '', about, '', ...guideTable(schema.shape));
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function guideTable(shape: Readonly<Record<string, z.ZodType>>): string[] {
  const rows = Object.entries(shape).map(([name, schema]) => {
    const note = noteOf(schema);
    const preset = note && usefulDefault(schema, note);
    const cells = [
      `\`${name}\``,
      note?.about,
      `${note?.expects}; e.g. \`${note?.example}\``,
      preset === undefined ? 'not set' : `\`${preset}\``,
      note?.reload ? 'yes' : 'no',
    ];
    return `| ${cells.map((cell) => cell?.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| Key | Meaning | Value | Default | Reload |', '|---|---|---|---|---|', ...rows, ''];
}
