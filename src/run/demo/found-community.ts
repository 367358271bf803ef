import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Answer, Request } from '../../message/requests/request.ts';
import type { Configuration } from '../config/configuration.ts';
import { loadPreset } from '../config/load-preset.ts';
import { ConfigurationError } from '../config/read-configuration.ts';
import { demoAdministrators, demoLists, demoMembers } from './community.ts';
import type { DemoKeyring } from './keyring.ts';

export type Founding = Readonly<{
  configuration: Configuration;
  keyring: DemoKeyring;
  ask: (request: Request) => Promise<Answer>;
  progress: (done: number, of: number, what: string) => void;
}>;

/** Where the public key of a list lies for the demo's people. */
export function listKeyFile(configuration: Configuration, list: string): string {
  return join(configuration.directory.demo, 'list-keys', `${list}.asc`);
}

/** Through the same signed requests that the command line writes. Done once; a second start finds it as it was. */
export async function foundCommunity(founding: Founding): Promise<void> {
  const { configuration, keyring, progress } = founding;
  const file = join(configuration.directory.demo, 'founded');
  // How many requests have been carried out: a start that was cut off goes on where it stopped.
  const done = Number(await readFile(file, 'utf8').catch(() => '0'));
  const requests = await requestsFor(keyring);
  for (const [index, request] of requests.entries()) {
    if (index < done) continue;
    progress(index, requests.length, request.kind);
    const answer = await founding.ask(request);
    // The one that was cut off may have been carried out; everything else must not be refused.
    if (answer.kind === 'refused' && !(index === done && done > 0)) {
      throw new ConfigurationError(`The demo’s ${request.kind} was refused: ${answer.reason}`);
    }
    await writeFile(file, `${index + 1}\n`);
  }
  if (done < requests.length) progress(requests.length, requests.length, 'done');
  await takeListKeys(founding);
}

async function requestsFor(keyring: DemoKeyring): Promise<readonly Request[]> {
  const requests: Request[] = [];
  for (const { name, preset } of demoLists) {
    requests.push({ kind: 'list-add', settings: { ...(await loadPreset(preset)), name } });
  }
  for (const member of demoMembers) {
    requests.push({ kind: 'member-add', name: member.name, lists: [member.list], products: member.products });
    for (const { address } of member.people) {
      const certificate = await keyring.certificate(address);
      requests.push({ kind: 'representative-add', member: member.name, address, certificate });
    }
  }
  for (const { name, preset } of demoLists) {
    if (preset === 'oss-security') continue;
    for (const address of demoAdministrators)
      requests.push({ kind: 'administrator-add', list: name, address });
  }
  return requests;
}

const keyAnswer = z.object({ armour: z.string() });

async function takeListKeys({ configuration, keyring, ask }: Founding): Promise<void> {
  await mkdir(join(configuration.directory.demo, 'list-keys'), { recursive: true });
  for (const { name, preset } of demoLists) {
    if (preset === 'oss-security') continue;
    const answer = await ask({ kind: 'list-key', name });
    if (answer.kind === 'refused') throw new ConfigurationError(answer.reason);
    const { armour } = keyAnswer.parse(answer.data);
    await writeFile(listKeyFile(configuration, name), armour);
    await keyring.importKey(armour);
  }
}
