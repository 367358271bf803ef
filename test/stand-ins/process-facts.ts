/** What /proc says of real processes. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

/** Our processes below a supervisor, by the name of their entry file, such as `keyholder` or `intake-process`. */
export async function processesOf(supervisor: number): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const pid of await childrenOf(supervisor)) {
    const entry = await entryOf(pid);
    if (entry !== undefined) found.set(entry, pid);
  }
  return found;
}

/** Every one of a kind that may stand several times side by side. */
export async function processesNamed(supervisor: number, entry: string): Promise<readonly number[]> {
  const children = await childrenOf(supervisor);
  const names = await Promise.all(children.map(entryOf));
  return children.filter((_, index) => names[index] === entry);
}

async function entryOf(pid: number): Promise<string | undefined> {
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  const entry = words.find((word) => /\/src\/run\/[\w-]+\.ts$/.test(word));
  return entry === undefined ? undefined : basename(entry, '.ts');
}

export async function childrenOf(parent: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

/** Fields of /proc/PID/status, such as `Uid`, `CapEff`, `NoNewPrivs`. */
export async function statusOf(pid: number): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return Object.fromEntries(text.split('\n').map((line) => line.split(/:\s+/, 2)));
}

export async function uidOf(pid: number): Promise<number> {
  return Number((await statusOf(pid)).Uid?.split('\t')[0]);
}

/** Soft and hard limit by its name in /proc/PID/limits, such as `Max core file size`. */
export async function limitOf(pid: number, name: string): Promise<string> {
  const text = await readFile(`/proc/${pid}/limits`, 'utf8');
  const line = text.split('\n').find((one) => one.startsWith(name)) ?? '';
  return line.slice(name.length).trim().split(/\s+/).slice(0, 2).join(' ');
}

export async function variablesOf(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/environ`, 'utf8');
  return text
    .split('\0')
    .filter(Boolean)
    .map((one) => one.slice(0, one.indexOf('=')));
}

/** What each open descriptor leads to; those that Node makes for itself (event loop, wake-ups) are left out. */
export async function descriptorsOf(pid: number): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  for (const name of await readdir(`/proc/${pid}/fd`)) {
    const target = await readlink(`/proc/${pid}/fd/${name}`).catch(() => 'anon_inode:gone');
    if (!target.startsWith('anon_inode:')) found.set(Number(name), target);
  }
  return found;
}

/** Resolves when the process is gone: a child of its supervisor that was killed is reaped at once. */
export async function goneFor(pid: number): Promise<void> {
  while ((await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')) !== '') await turn();
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
