/** DESIGN §6, "The rule", as functions from sources to faults; each fault is a sentence that names the file. */
import { isTest, packageOf, referencesOf, type Sources, withoutComments } from './source-graph.ts';

/** Each imports only itself and what stands before it. */
const domainFolders = ['time', 'mail', 'membership', 'case', 'publication', 'centre', 'message'];

const longestFile = 300;

/** Files that are mostly the mails they hold. */
const mailsWrittenOut = /^test\/(?:fixtures|held-out\/mails)\//;

/** The outside, as code spells it when it does not import it. */
const outside: readonly RegExp[] = [
  /(?<![.\w])process\s*\??\.\s*[a-z]/,
  /(?<![.\w])Buffer\b/,
  /(?<![.\w])NodeJS\./,
  /\bDate\.now\b/,
  /\bnew Date\(\s*\)/,
  /(?<!new )(?<![.\w])Date\(\s*\)/,
  /\bMath\.random\b/,
  /(?<![.\w])(?:fetch|setTimeout|setInterval|setImmediate|queueMicrotask|structuredClone)\(/,
  /(?<![.\w])(?:console|performance|crypto|globalThis|navigator|localStorage)\s*\??\.\s*[a-z]/i,
  /\bimport\.meta\b/,
];

export function layeringFaults(sources: Sources): readonly string[] {
  return eachReference(sources).flatMap(({ from, target }) => {
    const source = layerOf(from);
    const goal = layerOf(target);
    if (source.kind === 'domain') {
      if (packageOf(target) !== undefined) return [`${from} is domain and imports the outside: ${target}`];
      if (goal.kind !== 'domain') return [`${from} is domain and imports ${target}`];
      const leftwards = domainFolders.indexOf(goal.name) <= domainFolders.indexOf(source.name);
      return leftwards ? [] : [`${from} imports rightwards: ${target}`];
    }
    if (source.kind !== 'adapter') return [];
    if (goal.kind === 'run') return [`${from} is an adapter and imports ${target}`];
    const stranger = goal.kind === 'adapter' && goal.name !== source.name && goal.name !== 'html';
    return stranger ? [`${from} imports another adapter: ${target}`] : [];
  });
}

export function outsideFaults(sources: Sources): readonly string[] {
  return [...sources].flatMap(([path, text]) => {
    if (layerOf(path).kind !== 'domain' || isTest(path)) return [];
    const code = withoutComments(text);
    return outside.flatMap((word) => {
      const found = word.exec(code);
      return found === null ? [] : [`${path} is domain and touches the outside: ${found[0]}`];
    });
  });
}

/** A folder of `src` that nobody has placed belongs to no layer, and no rule would hold for it. */
export function placeFaults(sources: Sources): readonly string[] {
  const paths = [...sources.keys()].filter((path) => path.startsWith('src/'));
  return paths
    .filter((path) => layerOf(path).kind === 'nowhere')
    .map((path) => `${path} is in no known folder`);
}

export function lengthFaults(sources: Sources): readonly string[] {
  return [...sources].flatMap(([path, text]) => {
    if (mailsWrittenOut.test(path)) return [];
    const lines = text.split('\n').length - 1;
    return lines > longestFile
      ? [`${path} has ${lines} lines; past ${longestFile} a file wants splitting`]
      : [];
  });
}

/** An import whose name is computed escapes every other rule. */
export function hiddenImportFaults(sources: Sources): readonly string[] {
  return [...sources].flatMap(([path, text]) => {
    if (!path.startsWith('src/')) return [];
    const code = withoutComments(text);
    return /(?<![.\w])(?:import|require)\(\s*[^'"\s)]/.test(code)
      ? [`${path} imports what only running tells`]
      : [];
  });
}

export function missingFaults(sources: Sources): readonly string[] {
  const wanted = eachReference(sources).filter(({ target }) => packageOf(target) === undefined);
  return wanted
    .filter(({ target }) => target.startsWith('src/') && !sources.has(target))
    .map(({ from, target }) => `${from} names ${target}, which does not exist`);
}

/** In src types count too: two files that need each other's types are one thought in two places. */
export function cycleFaults(sources: Sources): readonly string[] {
  const done = new Set<string>();
  const faults: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) {
      faults.push(`Import cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`);
      return;
    }
    if (done.has(path)) return;
    for (const { target, kind } of referencesOf(path, sources.get(path) ?? '')) {
      const counts = kind === 'import' || (kind === 'type' && path.startsWith('src/'));
      if (counts && sources.has(target)) visit(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const path of sources.keys()) visit(path, []);
  return faults;
}

type Layer = Readonly<{ kind: 'domain' | 'adapter' | 'run' | 'nowhere'; name: string }>;

function layerOf(path: string): Layer {
  const [top, first = '', second = ''] = path.split('/');
  if (top !== 'src') return { kind: 'nowhere', name: '' };
  if (domainFolders.includes(first)) return { kind: 'domain', name: first };
  if (first === 'adapters') return { kind: 'adapter', name: second };
  return first === 'run' ? { kind: 'run', name: first } : { kind: 'nowhere', name: first };
}

function eachReference(sources: Sources) {
  const paths = [...sources].filter(([path]) => !isTest(path));
  return paths.flatMap(([from, text]) =>
    referencesOf(from, text).map((reference) => ({ from, ...reference })),
  );
}
