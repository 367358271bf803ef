/**
 * The child that reads hostile bytes (P3). Reaches nothing but the socket on descriptor 3: no key, file, database or
 * network; the supervisor gives it its own uid and the kernel's limits on memory and time. Exits at the keyholder's
 * end, or after its share; the supervisor starts a fresh one.
 */
import { Socket } from 'node:net';
import { htmlToText } from '../adapters/mime/html-to-text.ts';
import { serveOpener } from '../adapters/opener/serve-opener.ts';
import { examineCertificates } from '../adapters/openpgp/examine-certificates.ts';
import { openingTools } from '../adapters/openpgp/opening-tools.ts';
import { giveMemoryBack } from './give-memory-back.ts';

const inheritedDescriptor = 3;
/** What one task may have left behind in memory, or taken over, ends with the process. */
const tasksPerChild = 200;
const processorSecondsPerChild = 60;

export async function runOpener(socket: Socket): Promise<void> {
  const spent = () => {
    const used = process.cpuUsage();
    return (used.user + used.system) / 1e6 > processorSecondsPerChild;
  };
  try {
    await serveOpener(
      socket,
      { ...openingTools, examine: examineCertificates, htmlToText },
      { tasks: tasksPerChild, spent },
    );
  } finally {
    socket.end();
  }
}

if (import.meta.main) {
  // An error's text may hold what was read; only this line may leave (I2).
  const fail = () => {
    process.stderr.write('The opener stopped on an unexpected fault.\n');
    process.exit(1);
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  // A terminal's Ctrl-C and hang-up hit every process at once: this one still serves the mail in hand.
  process.on('SIGINT', () => {}).on('SIGHUP', () => {});
  giveMemoryBack();
  const socket = new Socket({ fd: inheritedDescriptor, readable: true, writable: true });
  runOpener(socket).then(() => process.exit(0), fail);
}
