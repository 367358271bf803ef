/**
 * A supervised process's side: it says when it is ready, and hears when to stop and when to read its configuration
 * again. It stops on SIGTERM and when the supervisor is gone. A terminal's Ctrl-C is the supervisor's to order.
 * Also works when a process is run alone, without a supervisor.
 */
import { fstatSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Facts } from './keep-running.ts';
import { failedLine, readyDescriptor, readyLine, supervisedVariable } from './ready-line.ts';

export type Supervised = Readonly<{
  /** Say the addresses it listens on, such as `{ smtp: '127.0.0.1:2525' }`. Once. */
  ready: (facts: Facts) => void;
  /** Instead of `ready`: one sentence on why it cannot start. The caller exits. */
  failed: (reason: string) => void;
  /** Resolves once it should end in good order. */
  stopAsked: Promise<void>;
  onReload: (reload: () => void) => void;
}>;

/** Call it first thing in an entry file's main function, so that no signal comes too early. */
export function supervised(): Supervised {
  const { promise: stopAsked, resolve: stop } = Promise.withResolvers<void>();
  const pipe = supervisorPipe();
  process.on('SIGTERM', () => stop());
  // Alone on a terminal Ctrl-C is for us; under a supervisor it hits all of us at once and the order would be lost.
  process.on('SIGINT', () => pipe === undefined && stop());
  let reload = () => {};
  process.on('SIGHUP', () => reload());
  pipe?.on('end', () => stop()).on('error', () => stop());
  pipe?.resume();
  const ready = (facts: Facts) => {
    if (pipe === undefined) process.stderr.write(readyLine(facts));
    else pipe.write(readyLine(facts));
  };
  const failed = (reason: string) => {
    // Written at once, as the process ends with it.
    if (pipe === undefined) process.stderr.write(`${reason}\n`);
    else writeSync(readyDescriptor, failedLine(reason));
  };
  return { ready, failed, stopAsked, onReload: (call) => (reload = call) };
}

function supervisorPipe(): Socket | undefined {
  if (process.env[supervisedVariable] !== '1' || !fstatSync(readyDescriptor).isSocket()) return undefined;
  const pipe = new Socket({ fd: readyDescriptor, readable: true, writable: true });
  // Waiting for our supervisor's end alone is no reason to stay.
  pipe.unref();
  return pipe;
}
