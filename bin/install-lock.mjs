import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BootstrapError, root, say, startTime, textOf } from './ground.mjs';

// Outside node_modules, which npm ci empties.
const folder = join(root, '.embargod');
const lockFile = join(folder, 'install.lock');

const lookInterval = 250;
const saySoEvery = 5_000;

/** Runs `work` while no other bootstrap of this clone does; a lock whose holder is gone is taken over. */
export async function withInstallLock(work) {
  const draft = `${lockFile}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(draft, `${process.pid} ${startTime(process.pid)}`);
  } catch (error) {
    throw new BootstrapError(
      `Dependencies are missing or out of date, and this clone cannot be written (${error.code}: ${error.path}). ` +
        `Run ${join(root, 'bin/embargod')} --version once, as the user the clone belongs to.`,
    );
  }
  try {
    await take(draft);
    await work();
  } finally {
    if (textOf(lockFile) === textOf(draft)) rmSync(lockFile, { force: true });
    rmSync(draft, { force: true });
  }
}

async function take(draft) {
  let saidAt = 0;
  // A link either makes the name or fails: two at once cannot both have it.
  while (!tryLink(draft)) {
    const [pid, started] = textOf(lockFile).split(' ');
    if (started === undefined || startTime(pid) !== started) {
      rmSync(lockFile, { force: true });
      continue;
    }
    if (Date.now() - saidAt >= saySoEvery) {
      saidAt = Date.now();
      say(`embargod: process ${pid} is installing the dependencies of this clone; waiting for it …`);
    }
    await delay(lookInterval);
  }
}

function tryLink(draft) {
  try {
    linkSync(draft, lockFile);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}
