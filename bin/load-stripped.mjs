// Loaded with --import before a program of ours: our sources come without their types, where those were taken out before.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { textOf } from './ground.mjs';
import { sources, strippedFolder, strippedName } from './stripped.mjs';

const ours = `${pathToFileURL(sources)}/`;

registerHooks({
  load(url, context, next) {
    if (!url.startsWith(ours) || !url.endsWith('.ts')) return next(url, context);
    const source = textOf(join(strippedFolder, strippedName(readFileSync(fileURLToPath(url)))));
    return source === '' ? next(url, context) : { format: 'module', source, shortCircuit: true };
  },
});
