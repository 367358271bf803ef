import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runProgram, say } from './program.ts';

/** Lint, format and types of the whole project; true when all is well. */
export async function passesStaticChecks(): Promise<boolean> {
  const [biome, types] = await Promise.all([
    runProgram(biomeFile(), ['ci', '--colors=off', '--max-diagnostics=50', '.']),
    runProgram(join(root, 'node_modules/.bin/tsc'), ['-p', root]),
  ]);
  if (biome !== 0) say('Lint or format is not as wanted; npm run format mends most of it.');
  if (types !== 0) say('The types do not agree (tsc).');
  return biome === 0 && types === 0;
}

/** Biome by its platform package: its meta-package names platforms that our registry lacks (B2). */
export function biomeFile(): string {
  const file = join(root, `node_modules/@biomejs/cli-linux-${process.arch}/biome`);
  if (!existsSync(file)) throw new Error(`Biome is missing (${file}); run npm ci --ignore-scripts.`);
  return file;
}
