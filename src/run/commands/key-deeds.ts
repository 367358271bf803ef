import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { Answer } from '../../message/requests/request.ts';
import { loadConfiguration } from '../config/load-configuration.ts';
import { importKeys } from '../init/import-keys.ts';

/** What was exported goes into the file that was named, and only a word about it onto the screen. */
export async function exportTo(output: string | undefined, ask: () => Promise<Answer>): Promise<Answer> {
  if (output === undefined) return ask();
  // Before anything is exported and announced for nothing.
  if (existsSync(output)) return { kind: 'refused', reason: `${output} is there already; name a new file.` };
  const answer = await ask();
  if (answer.kind === 'refused') return answer;
  const about = describe(answer);
  // It is sealed; but a file that was there already may be the only earlier export.
  await writeFile(output, `${answer.text.join('\n')}\n`, { flag: 'wx', mode: 0o600 });
  return {
    kind: 'done',
    text: [
      `${output} holds ${about.count} keys, sealed to ${about.custodian}; the keyholder signed it with ${about.signedBy}.`,
      'Keep it apart from every backup of the data. A list’s next key and next month are not in it: export again then.',
    ],
    data: { file: output, ...about },
  };
}

function describe({ data }: Extract<Answer, { kind: 'done' }>) {
  const fields = typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...data } : {};
  const text = (name: string) => String(Object.entries(fields).find(([key]) => key === name)?.[1] ?? '');
  return { count: Number(text('count')), custodian: text('custodian'), signedBy: text('signedBy') };
}

export async function importFrom(data: string, file: string): Promise<Answer> {
  const configuration = await loadConfiguration(data);
  if (file === '-' && process.stdin.isTTY) {
    return {
      kind: 'refused',
      reason: 'Nothing comes in: gpg --decrypt keys.asc | embargod key import --data DIR',
    };
  }
  const document = file === '-' ? await buffer(process.stdin) : await readFile(file);
  const { count, lists } = await importKeys(configuration, document);
  document.fill(0);
  return {
    kind: 'done',
    text: [
      `${count} keys are in ${configuration.directory.root} now, under its own protection: of ${lists.join(', ') || 'no list'}.`,
      ...(file === '-' ? [] : [`${file} holds them bare: destroy it now (shred -u ${file}).`]),
      'Next: bring back the data, or add the lists again with the names that they had; they keep these keys.',
    ],
    data: { count, lists },
  };
}
