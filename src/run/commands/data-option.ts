import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { dataDirectory } from '../config/data-directory.ts';
import { demoDirectory } from '../demo/demo-directory.ts';

const systemDirectory = '/var/lib/embargod';

/** `--data`, else EMBARGOD_DATA, else /var/lib/embargod, else, where there is none, the demo of this clone. */
export function chooseDataDirectory(option: string | undefined): string {
  const named = option ?? process.env.EMBARGOD_DATA;
  if (named !== undefined && named !== '') return resolve(named);
  const holds = (directory: string) => existsSync(dataDirectory(directory).configuration);
  const demo = demoDirectory();
  return !holds(systemDirectory) && holds(demo) ? demo : systemDirectory;
}
