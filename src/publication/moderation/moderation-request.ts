/**
 * What a moderator asks of public-keeper (P7). It is signed, not sealed: what it is about is public, or will never be.
 * The signature is over these very bytes, which name the row, the installation, the moment and the mail, so that nothing
 * else can be made of it: not a second deed, not one for another mail, not one elsewhere or later.
 */
import type { Duration, Instant } from '../../time/instant.ts';
import { hour, minute } from '../../time/instant.ts';

export type ModerationAct =
  | Readonly<{
      kind: 'pass';
      /** U1: the moderator has seen that it may be private, and publishes it. */
      publishAnyway: boolean;
    }>
  | Readonly<{ kind: 'refuse'; reason: string }>;

export type ModerationRequest = Readonly<{
  /** The row of `requests`. */
  id: string;
  /** The domain of the lists. */
  installation: string;
  signedAt: Instant;
  /** The row of `inbox`, and SHA-256 of its raw mail, hexadecimal: what the moderator looked at. */
  mail: string;
  digest: string;
  act: ModerationAct;
}>;

/** The first line keeps the operator key's signatures of one kind from serving as another kind's. */
const firstLine = 'embargod-moderation-1\n';

export function moderationBytes(statement: string): Uint8Array {
  return new TextEncoder().encode(firstLine + statement);
}

export function writeModerationRequest(request: ModerationRequest): string {
  return JSON.stringify(request);
}

/** As A2 has it for commands by mail: what lay somewhere for longer is not what is wanted now. */
const longestValid: Duration = 72 * hour;
/** Clocks of two machines differ; more is a request for later, and there is none. */
const clocksDiffer: Duration = 5 * minute;

export type RequestFault = 'another-row' | 'another-installation' | 'too-old' | 'from-the-future';

/** Why a request that is signed is not carried out all the same; undefined when nothing speaks against it. */
export function requestFault(
  request: ModerationRequest,
  { row, installation, now }: Readonly<{ row: string; installation: string; now: Instant }>,
): RequestFault | undefined {
  if (request.id !== row) return 'another-row';
  if (request.installation !== installation) return 'another-installation';
  if (request.signedAt + longestValid < now) return 'too-old';
  return request.signedAt > now + clocksDiffer ? 'from-the-future' : undefined;
}
