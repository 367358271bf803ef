import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BootstrapError, root, say, textOf } from './ground.mjs';

const plainLineEvery = 4_000;
const tickEvery = 200;
/** npm's last words when it fails; its whole report is in its own log. */
const longestComplaint = 4_000;

/** `npm ci --ignore-scripts`: no package's code runs at install (P6). Never silent for more than a few seconds. */
export async function runNpmCi() {
  const names = Object.keys(JSON.parse(textOf(join(root, 'package-lock.json'))).packages);
  const total = names.filter((name) => name !== '').length;
  say(`embargod: installing Node 24 and ${total} packages into ${root}/node_modules, once (about 400 MB) …`);
  const began = Date.now();
  const stop = tell(() => `${installedCount()} of up to ${total} packages, ${seconds(began)} s`);
  const { code, output } = await npm().finally(stop);
  if (code !== 0) {
    say(output.slice(-longestComplaint));
    throw new BootstrapError(
      `npm ci failed (${code}); its words are above. Without a network it needs a registry it can reach ` +
        '(npm config get registry). Mend that and run the same command again.',
    );
  }
  say(`embargod: installed in ${seconds(began)} s.`);
}

function npm() {
  // Under `npm start` npm says where it is; it may not be in the PATH.
  const { NODE_OPTIONS: _, npm_execpath: npmFile, ...environment } = process.env;
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const options = { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] };
  const child = npmFile?.endsWith('npm-cli.js')
    ? spawn(process.execPath, [npmFile, ...args], options)
    : spawn('npm', args, options);
  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-4 * longestComplaint);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const end = () => child.kill('SIGTERM');
  process.once('SIGTERM', end).once('SIGINT', end);
  return new Promise((resolve, reject) => {
    child.once('error', () =>
      reject(new BootstrapError('npm was not found. Install it: apt-get install npm')),
    );
    child.once('close', (code, signal) => resolve({ code: code ?? signal, output }));
  }).finally(() => process.off('SIGTERM', end).off('SIGINT', end));
}

/** A ticking line on a terminal, a line every few seconds elsewhere. Returns what ends it. */
function tell(status) {
  if (!process.stderr.isTTY) {
    const timer = setInterval(() => say(`embargod: installing … ${status()}`), plainLineEvery);
    return () => clearInterval(timer);
  }
  const timer = setInterval(() => process.stderr.write(`\r\x1b[Kinstalling … ${status()}`), tickEvery);
  return () => {
    clearInterval(timer);
    process.stderr.write('\r\x1b[K');
  };
}

function installedCount() {
  const modules = join(root, 'node_modules');
  const names = listed(modules).filter((name) => !name.startsWith('.'));
  const scoped = names.filter((name) => name.startsWith('@'));
  return names.length - scoped.length + scoped.flatMap((name) => listed(join(modules, name))).length;
}

function listed(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function seconds(began) {
  return Math.round((Date.now() - began) / 1000);
}
