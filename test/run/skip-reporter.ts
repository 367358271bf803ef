import type { TestEvent } from 'node:test/reporters';

/** Writes one line per skipped test, name and reason, for `run-tests.ts` to judge. */
// biome-ignore lint/style/noDefaultExport: node:test takes a reporter by its default export
export default async function* skipReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    if (event.type !== 'test:pass') continue;
    const { name, skip } = event.data;
    if (skip !== undefined && skip !== false) yield `${name}: ${String(skip)}\n`;
  }
}
