// Installs exactly what package-lock.json names, once: a stamp in node_modules remembers for which lock file and
// platform. Never under a running server, never twice at a time (B1).
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BootstrapError, root, say, textOf } from './ground.mjs';
import { withInstallLock } from './install-lock.mjs';
import { runNpmCi } from './npm-ci.mjs';
import { runningFromHere } from './running-from-here.mjs';

const modules = join(root, 'node_modules');
const stampFile = join(modules, '.embargod-stamp');

/** `development`: what only tests and checks need is needed too; a production install may leave it out. */
export async function ensureInstalled({ development }) {
  const wanted = stampOf(textOf(join(root, 'package-lock.json')));
  if (textOf(stampFile) === wanted) return;
  if (!development && isInstalledByHand({ development })) return;
  await withInstallLock(async () => {
    if (textOf(stampFile) === wanted) return;
    if (!isInstalledByHand({ development: true })) await install();
    leaveStamp(wanted);
  });
}

/** The interpreter's ABI is not part of it: nothing we install is compiled for one. */
function stampOf(lockFile) {
  if (lockFile === '')
    throw new BootstrapError(`${root}/package-lock.json is missing. Is this a whole clone?`);
  const hash = createHash('sha256').update(lockFile).digest('hex');
  return `${hash} ${process.platform}-${process.arch}\n`;
}

async function install() {
  const running = runningFromHere();
  if (running.length > 0) {
    const list = running.map(({ pid, what }) => `  ${pid}  ${what}`).join('\n');
    throw new BootstrapError(
      `New dependencies are to be installed, but embargod is running from this clone:\n${list}\n` +
        `Stop it first (Ctrl-C where it runs, or: kill ${running[0].pid}), then start again.`,
    );
  }
  // What an interrupted run left must not look complete.
  rmSync(stampFile, { force: true });
  rmSync(join(modules, '.package-lock.json'), { force: true });
  await runNpmCi();
}

function leaveStamp(stamp) {
  try {
    mkdirSync(modules, { recursive: true });
    writeFileSync(stampFile, stamp);
  } catch (error) {
    say(`embargod: could not write ${stampFile} (${error.code}); the next start will look again.`);
  }
}

/** Someone ran `npm ci` themselves: npm's own record, written last, then agrees with the lock file. */
function isInstalledByHand({ development }) {
  const installed = parsed(textOf(join(modules, '.package-lock.json')));
  const wanted = parsed(textOf(join(root, 'package-lock.json')));
  if (installed === undefined || wanted === undefined) return false;
  return Object.entries(wanted).every(([place, one]) => {
    if (place === '') return true;
    const found = installed[place];
    if (found === undefined && one.dev === true && !development) return true;
    if (found === undefined) return one.optional === true && !isForThisPlatform(one);
    return found.version === one.version && found.integrity === one.integrity;
  });
}

function isForThisPlatform({ os, cpu }) {
  return (
    (os === undefined || os.includes(process.platform)) && (cpu === undefined || cpu.includes(process.arch))
  );
}

function parsed(text) {
  try {
    return JSON.parse(text).packages;
  } catch {
    return undefined;
  }
}
