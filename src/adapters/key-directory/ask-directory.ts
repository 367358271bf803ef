/**
 * Asks a Web Key Directory (draft-koch-openpgp-webkey-service §3.1), as little trusting as one can ask: HTTPS to the two
 * hosts that the draft names and no other, public addresses only, no redirect, one answer within limits of time and
 * size. What comes back is bytes; nobody here looks into them (P3).
 */
import { lookup as systemLookup } from 'node:dns';
import { type RequestOptions, request } from 'node:https';
import type { LookupFunction } from 'node:net';
import { joinBytes } from '../../mail/bytes.ts';
import type { AskDirectory, DirectoryAnswer } from '../../message/look-up/key-lookup.ts';
import { second } from '../../time/instant.ts';
import { type DirectoryPlace, directoryPlaces } from './directory-url.ts';
import { isPublicAddress } from './public-address.ts';

/** Endless answers. A clean certificate is under 20 KB, one with many signatures of friends some 100 KB. */
const largestAnswer = 256 * 1024;

/** Answers that trickle: name, connection, TLS, head and body, all of it. */
const longestAnswer = 20 * second;

/** Heads without end; Node's own limit, said so that a flag of Node's cannot widen it. */
const largestHead = 16 * 1024;

/** How the world is reached. Given by tests alone: what production asks cannot be led elsewhere by a setting. */
export type World = Readonly<{
  lookup: LookupFunction;
  isAllowed: (ip: string) => boolean;
  port: number;
  /** PEM; undefined: the authorities that Node brings. */
  authorities: string | undefined;
  within: number;
}>;

const theWorld: World = {
  lookup: systemLookup,
  isAllowed: isPublicAddress,
  port: 443,
  authorities: undefined,
  within: longestAnswer,
};

export function askDirectory(world: World = theWorld): AskDirectory {
  return async (address) => {
    const places = directoryPlaces(address);
    if (!places) return { kind: 'none' };
    const advanced = await ask(places.advanced, world);
    if (advanced !== 'no-such-host') return advanced;
    const direct = await ask(places.direct, world);
    return direct === 'no-such-host' ? { kind: 'none' } : direct;
  };
}

/** The draft: the direct place is asked only where the name of the advanced one does not exist. */
const unknownHost: readonly string[] = ['ENOTFOUND', 'ENODATA'];

async function ask(place: DirectoryPlace, world: World): Promise<DirectoryAnswer | 'no-such-host'> {
  try {
    return await get(place, world);
  } catch (error) {
    const code = codeOf(error);
    return unknownHost.includes(code) ? 'no-such-host' : { kind: 'failed', reason: code };
  }
}

function get({ host, path }: DirectoryPlace, world: World): Promise<DirectoryAnswer> {
  const signal = AbortSignal.timeout(world.within);
  const options: RequestOptions = {
    host,
    path,
    port: world.port,
    // No pooled connection: each answer stands alone, and nothing stays open between two days.
    agent: false,
    lookup: guarded(world),
    ca: world.authorities,
    rejectUnauthorized: true,
    maxHeaderSize: largestHead,
    signal,
  };
  return new Promise((resolve, reject) => {
    const asked = request(options, (response) => {
      const { statusCode: status = 0 } = response;
      const end = (answer: DirectoryAnswer) => {
        resolve(answer);
        asked.destroy();
      };
      if (status === 404 || status === 410) return end({ kind: 'none' });
      // Redirects too: another host is not the owner's word.
      if (status !== 200) return end({ kind: 'failed', reason: `status-${status}` });
      const pieces: Uint8Array[] = [];
      let size = 0;
      response.on('data', (piece: Uint8Array) => {
        size += piece.length;
        pieces.push(piece);
        if (size > largestAnswer) end({ kind: 'failed', reason: 'too-large' });
      });
      response.on('end', () => {
        if (!response.complete || size === 0) end({ kind: 'failed', reason: 'cut-short' });
        else end({ kind: 'found', bytes: joinBytes(...pieces) });
      });
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Asked for each connection, and what it answers is what is connected to: a name cannot change in between. */
function guarded({ lookup, isAllowed }: World): LookupFunction {
  return (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : [];
      if (error) return done(error, []);
      // One private address among public ones is no accident.
      if (addresses.length === 0 || !addresses.every(({ address }) => isAllowed(address)))
        return done(fault('private-address'), []);
      const [first] = addresses;
      if (options.all || !first) return done(null, addresses);
      return done(null, first.address, first.family);
    });
  };
}

function fault(code: string): Error & { code: string } {
  return Object.assign(new Error(`The key directory cannot be asked: ${code}.`), { code });
}

/** A word for the log; never a text, which may quote what a stranger sent. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return 'unknown';
  // Ours is the only signal.
  if (error.code === 'ABORT_ERR') return 'timeout';
  return typeof error.code === 'string' && /^[A-Za-z0-9_-]{1,60}$/.test(error.code) ? error.code : 'unknown';
}
