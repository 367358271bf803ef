import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Configuration } from '../config/configuration.ts';

/** What a collector of figures shows to get them; `init` makes it, and root gives the collector a copy. */
export function metricsTokenFile({ directory }: Pick<Configuration, 'directory'>): string {
  return join(directory.sender, 'metrics-token');
}

export async function readMetricsToken(configuration: Configuration): Promise<string | undefined> {
  const text = await readFile(metricsTokenFile(configuration), 'utf8').catch(() => '');
  return text.trim() || undefined;
}
