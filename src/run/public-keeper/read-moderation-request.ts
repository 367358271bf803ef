import { z } from 'zod';
import type { ModerationRequest } from '../../publication/moderation/moderation-request.ts';
import { instantFromMilliseconds } from '../../time/instant.ts';

const id = z.string().regex(/^[0-9A-Za-z-]{1,64}$/);

const moderationRequest = z.strictObject({
  id,
  installation: z.string().max(255),
  signedAt: z.int().min(0),
  mail: id,
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  act: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('pass'), publishAnyway: z.boolean() }),
    z.strictObject({ kind: z.literal('refuse'), reason: z.string().trim().min(1).max(500) }),
  ]),
});

/** Undefined when it is none that this version knows. */
export function readModerationRequest(statement: string): ModerationRequest | undefined {
  try {
    const read = moderationRequest.parse(JSON.parse(statement));
    return { ...read, signedAt: instantFromMilliseconds(read.signedAt) };
  } catch {
    return undefined;
  }
}
