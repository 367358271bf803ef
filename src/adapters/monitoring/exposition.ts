/** Prometheus' text format 0.0.4 (also read as OpenMetrics' ancestor by every collector): families, labels, numbers. */

export type Sample = Readonly<{ labels?: Readonly<Record<string, string>>; value: number }>;

export type Family = Readonly<{
  /** `embargod_outbox_rows`; units at its end, `_total` for counters. */
  name: string;
  kind: 'gauge' | 'counter';
  help: string;
  samples: readonly Sample[];
}>;

export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/** A family without samples is left out: what is not known has no figure. */
export function writeExposition(families: readonly Family[]): string {
  const lines = families
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, kind, help, samples }) => [
      `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
      `# TYPE ${name} ${kind}`,
      ...samples.map(({ labels = {}, value }) => `${name}${writeLabels(labels)} ${value}`),
    ]);
  return `${lines.join('\n')}\n`;
}

/** Values come from database rows too: one with a quote or line end in it must not become another sample. */
function writeLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
