import { readFileSync } from 'node:fs';

/** Bits of capabilities(7): what a supervisor of several users needs, to restart and signal them, and no more (P1). */
const needed = { kill: 5, setgid: 6, setuid: 7 } as const;
const forLowPorts = { net_bind_service: 10 } as const;

const setpriv = '/usr/bin/setpriv';

/** setpriv says nothing when it may not take rights away: without this we would begin again for ever. */
const triedVariable = 'EMBARGOD_GAVE_UP_RIGHTS';

/**
 * As root: becomes the same program again, with the same pid and only these capabilities, for ever. Returns when there
 * is nothing to give up. Whatever needs root's file rights, such as `prepareCluster`, comes before; afterwards root
 * cannot read other users' private files.
 */
export function keepFewCapabilities(options: Readonly<{ lowPorts: boolean }>): void {
  if (process.getuid?.() !== 0) return;
  const kept: Readonly<Record<string, number>> = options.lowPorts ? { ...needed, ...forLowPorts } : needed;
  if ((permitted() & ~maskOf(kept)) === 0n) return;
  if (process.env[triedVariable] !== undefined) {
    throw new Error(
      'The supervisor could not give up root’s rights: it needs CAP_SETPCAP to begin with; add it to CapabilityBoundingSet= of its systemd unit.',
    );
  }
  process.env[triedVariable] = '1';
  const list = Object.keys(kept).map((name) => `+${name}`);
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.execve?.(setpriv, [
    'setpriv',
    '--no-new-privs',
    `--bounding-set=-all,${list.join(',')}`,
    '--inh-caps=-all',
    '--',
    ...again,
  ]);
  throw new Error(`Could not give up root's rights with ${setpriv}.`);
}

export function maskOf(capabilities: Readonly<Record<string, number>>): bigint {
  return Object.values(capabilities).reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n);
}

function permitted(): bigint {
  const line = /^CapPrm:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return BigInt(`0x${line?.[1] ?? '0'}`);
}
