/** What each process can reach from its entry file at run time, and what it must not (DESIGN §4, I3, I4, P3, P6). */
import { packageOf, referencesOf, type Sources } from './source-graph.ts';

export type Reach = Readonly<{ files: ReadonlySet<string>; packages: ReadonlySet<string> }>;

/** Follows imports, spawned processes and workers; types are gone at run time. */
export function reachOf(sources: Sources, entry: string): Reach {
  const files = new Set<string>();
  const packages = new Set<string>();
  const open = [entry];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    for (const { target, kind } of referencesOf(path, sources.get(path) ?? '')) {
      if (kind === 'type') continue;
      const name = packageOf(target);
      if (name === undefined) open.push(target);
      else packages.add(name);
    }
  }
  return { files, packages };
}

/** One process's fences. */
export type Fence = Readonly<{
  entry: string;
  /** Folders, files or packages, by the beginning of their path. */
  never: readonly string[];
  /** If named, exactly these packages of others are reached, no more and no fewer (P6). */
  exactPackages?: readonly string[];
  /** Packages that only these files may import, wherever else the process reaches. */
  onlyFrom?: Readonly<Record<string, readonly string[]>>;
}>;

export function fenceFaults(sources: Sources, fence: Fence): readonly string[] {
  const { files, packages } = reachOf(sources, fence.entry);
  const reached = [...files, ...packages];
  const faults: string[] = fence.never.flatMap((place) =>
    reached
      .filter((one) => one === place || one.startsWith(place.endsWith('/') ? place : `${place}/`))
      .map((one) => `${fence.entry} must not reach ${one}`),
  );
  faults.push(...strayImports(sources, fence, files));
  if (fence.exactPackages === undefined) return faults;
  const others = [...packages].filter((name) => !name.startsWith('node:'));
  const wanted = fence.exactPackages;
  return [
    ...faults,
    ...others
      .filter((name) => !wanted.includes(name))
      .map((name) => `${fence.entry} reaches the package ${name}`),
    ...wanted
      .filter((name) => !others.includes(name))
      .map((name) => `${fence.entry} no longer reaches ${name}: take it off its list`),
  ];
}

function strayImports(
  sources: Sources,
  { entry, onlyFrom = {} }: Fence,
  files: ReadonlySet<string>,
): string[] {
  return [...files].flatMap((path) =>
    referencesOf(path, sources.get(path) ?? '')
      .filter(({ target, kind }) => kind !== 'type' && onlyFrom[target]?.includes(path) === false)
      .map(({ target }) => `${entry} may import ${target} only in ${onlyFrom[target]}, not in ${path}`),
  );
}
