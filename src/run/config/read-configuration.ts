import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { disagreements } from './check-configuration.ts';
import { type Configuration, configurationFrom } from './configuration.ts';
import { document, sections, topKeys } from './document.ts';
import { noteOf } from './key-note.ts';

/** The file cannot be used; the message is one sentence for whoever runs the server. */
export class ConfigurationError extends Error {
  readonly code = 'configuration';
}

/** Reads the text of `embargod.toml`. `file` is its path, for errors; `root` the data directory. */
export function readConfiguration(root: string, file: string, text: string): Configuration {
  const fail = (problem: string): never => {
    throw new ConfigurationError(`${file}: ${problem}`);
  };
  const table = readToml(text, fail);
  const withSections = { ...Object.fromEntries(Object.keys(sections).map((name) => [name, {}])), ...table };
  const result = document.safeParse(withSections);
  if (!result.success) {
    // A misspelt key is also a missing one; its own name helps more.
    const { issues } = result.error;
    const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
    return fail(issue ? describe(issue, withSections) : 'it cannot be read.');
  }
  const [first] = disagreements(result.data);
  return first ? fail(`${first.key} ${first.problem}.`) : configurationFrom(root, result.data);
}

function readToml(text: string, fail: (problem: string) => never): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '');
    return fail(`line ${error.line} is not TOML (${reason}); mend that line.`);
  }
}

function describe(issue: z.core.$ZodIssue, table: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const unknown = [...issue.path, issue.keys[0]].join('.');
    const meant = closest(unknown);
    return `${unknown} is not a key that embargod knows; ${meant ? `did you mean ${meant}?` : 'remove it.'} docs/config.md lists them all.`;
  }
  const [section, name] = issue.path.map(String);
  const schema = schemaAt(section, name);
  const note = schema && noteOf(schema);
  const path = [section, ...(note && section !== undefined && !(section in topKeys) ? [name] : [])].join('.');
  const value = issue.path.reduce<unknown>(step, table);
  const expects = note?.expects ?? `a section of its own, \`[${section}]\``;
  return value === undefined
    ? `${path} is missing; it must be ${expects}, for example ${note?.example}.`
    : `${path} is ${JSON.stringify(value)}; it must be ${expects}${note ? `, for example ${note.example}` : ''}.`;
}

function step(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function schemaAt(section: string | undefined, name: string | undefined): z.ZodType | undefined {
  const top: Readonly<Record<string, z.ZodType>> = topKeys;
  const tables: Readonly<Record<string, { schema: z.ZodObject } | undefined>> = sections;
  if (section === undefined) return undefined;
  if (top[section]) return top[section];
  const field = name === undefined ? undefined : tables[section]?.schema.shape[name];
  return field instanceof z.ZodType ? field : undefined;
}

/** Every key in dotted form, for docs and for "did you mean". */
export function allKeys(): readonly string[] {
  return [
    ...Object.keys(topKeys),
    ...Object.entries(sections).flatMap(([name, { schema }]) =>
      Object.keys(schema.shape).map((field) => `${name}.${field}`),
    ),
  ];
}

function closest(unknown: string): string | undefined {
  const scored = allKeys().map((key) => ({ key, distance: editDistance(unknown, key) }));
  const best = scored.sort((left, right) => left.distance - right.distance)[0];
  return best && best.distance <= 3 ? best.key : undefined;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [above, character] of [...left.slice(0, 80)].entries()) {
    const next = [above + 1];
    for (const [index, other] of [...right].entries()) {
      const kept = (row[index] ?? 0) + (character === other ? 0 : 1);
      next.push(Math.min(kept, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
