import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { BootstrapError, root } from './ground.mjs';

const neededMajor = 24;

/** On Ctrl-C a terminal tells us, and npm tells us again, within milliseconds. A person who insists takes longer. */
const sameSignalWithin = 700;

/** The Node that came with the dependencies, else the one that runs us if it is new enough (B1). */
export function modernNode() {
  const brought = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  if (existsSync(brought)) return brought;
  if (Number(process.versions.node.split('.')[0]) >= neededMajor) return process.execPath;
  throw new BootstrapError(
    `embargod needs Node ${neededMajor}; here is ${process.version}, and none comes by npm for ` +
      `${process.platform}-${process.arch}. Install Node ${neededMajor} and start again with it.`,
  );
}

/** Runs a program with our terminal, a clean environment and every signal once; resolves to its exit code. */
export function runHere(file, args) {
  const isService = process.env.SYSTEMD_EXEC_PID === String(process.pid);
  // A service needs no launcher beside it, which would keep root's rights for nothing. Node has it since 22.15.
  if (isService && process.execve !== undefined) process.execve(file, [file, ...args], cleanEnvironment());
  const setpriv = '/usr/bin/setpriv';
  // Should we be killed outright, the program gets a SIGTERM and ends in good order. systemd sees to that for a service,
  // and may forbid setpriv (capset is one of its @privileged calls).
  const command =
    existsSync(setpriv) && !isService
      ? [setpriv, '--pdeathsig', 'TERM', '--', file, ...args]
      : [file, ...args];
  // Its own session: the terminal's SIGINT comes through us, once, instead of from three sides.
  const options = { stdio: 'inherit', env: cleanEnvironment(), detached: true };
  const child = spawn(command[0], command.slice(1), options);
  const stopForwarding = forwardSignals(child);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new BootstrapError(`${file} does not start: ${error.message}`)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  }).finally(stopForwarding);
}

/** NODE_OPTIONS and npm's many variables would reach into processes that hold keys (P1). */
function cleanEnvironment() {
  const entries = Object.entries(process.env);
  return Object.fromEntries(
    entries.filter(([name]) => !/^(NODE_|npm_|NPM_)/.test(name) && name !== 'INIT_CWD'),
  );
}

function forwardSignals(child) {
  const lastAt = {};
  // A closed terminal means stop; without one, SIGHUP means: read the configuration again.
  const hangup = process.stdin.isTTY ? 'SIGTERM' : 'SIGHUP';
  const meaning = { SIGINT: 'SIGINT', SIGTERM: 'SIGTERM', SIGHUP: hangup };
  const listeners = Object.entries(meaning).map(([signal, forwarded]) => {
    const listener = () => {
      const now = performance.now();
      if (now - (lastAt[signal] ?? Number.NEGATIVE_INFINITY) > sameSignalWithin) child.kill(forwarded);
      lastAt[signal] = now;
    };
    process.on(signal, listener);
    return [signal, listener];
  });
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}
