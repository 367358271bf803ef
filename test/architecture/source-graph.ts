/** What each source file imports, read from its text: enough for rules, and nothing runs. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path';

/** Text by path from the clone's top: `src/message/ports.ts`. */
export type Sources = ReadonlyMap<string, string>;

export type Reference = Readonly<{
  /** A file's path, or what names a package: `node:fs`, `pg`. */
  target: string;
  /** `type`: gone at run time. `spawned`: named by a URL, as a process or worker. */
  kind: 'import' | 'type' | 'spawned';
}>;

export async function readSources(top: string, folders: readonly string[]): Promise<Sources> {
  const sources = new Map<string, string>();
  for (const folder of folders) {
    const entries = await readdir(join(top, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((one) => one.isFile() && /\.(ts|mjs)$/.test(one.name))) {
      const path = join(entry.parentPath, entry.name);
      sources.set(relative(top, path), await readFile(path, 'utf8'));
    }
  }
  return sources;
}

export function isTest(path: string): boolean {
  return path.endsWith('.test.ts');
}

const imported = /(?:^|\n)\s*(?:import|export)(\s+type)?\s+(?:[^;'"]*?\sfrom\s*)?['"]([^'"]+)['"]/g;
const importedLate = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
const spawned = /new URL\(\s*['"`]([^'"`]+\.[mc]?[jt]s)['"`]\s*,\s*import\.meta\.url\s*\)/g;

export function referencesOf(path: string, text: string): readonly Reference[] {
  const code = withoutComments(text);
  const resolve = (name: string) => (name.startsWith('.') ? normalize(join(dirname(path), name)) : name);
  return [
    ...[...code.matchAll(imported)].map(([, type, name = '']): Reference => {
      return { target: resolve(name), kind: type === undefined ? 'import' : 'type' };
    }),
    ...[...code.matchAll(importedLate)].map(([, name = '']): Reference => {
      return { target: resolve(name), kind: 'import' };
    }),
    ...[...code.matchAll(spawned)].map(([, name = '']): Reference => {
      return { target: normalize(join(dirname(path), name)), kind: 'spawned' };
    }),
  ];
}

/** Good enough for our own formatted code: block comments, and line comments that stand alone or after a space. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/ .*$/gm, '$1');
}

/** `@hono/node-server/conninfo` belongs to `@hono/node-server`; undefined for a file of ours. */
export function packageOf(target: string): string | undefined {
  if (target.startsWith('src/') || target.startsWith('test/') || target.startsWith('..')) return undefined;
  return target.split('/', target.startsWith('@') ? 2 : 1).join('/');
}
