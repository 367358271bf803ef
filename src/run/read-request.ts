/** Requests and answers as they cross the sealed envelope: JSON, checked on both sides (P7). */
import { z } from 'zod';
import { parseAddress } from '../mail/address.ts';
import {
  type Answer,
  isListName,
  type Json,
  mostOutboxChanges,
  presetNames,
  type Request,
} from '../message/requests/request.ts';

/** A request is a few lines and one certificate; more is a mistake or an attack on the keyholder's memory. */
const longestRequest = 1_048_576;
const longestName = 100;

const name = z
  .string()
  .trim()
  .min(1)
  .max(longestName)
  .regex(/^[^\p{Cc}]*$/u);
const listName = z.string().refine(isListName);
const reason = z.string().trim().min(1).max(500);
const id = z.string().min(1).max(100);
const certificate = z.string().includes('-----BEGIN PGP PUBLIC KEY BLOCK-----').max(longestRequest);
const caseNumber = z.string().regex(/^VS-\d{4}-\d{4,6}$/);
/** A line or three, and a signature. */
const signed = z.string().max(65_536).optional();
const address = z.string().transform((text, context) => {
  const parsed = parseAddress(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: 'not an address' });
  return z.NEVER;
});

const request = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('list-add'),
    settings: z.strictObject({
      name: listName,
      kind: z.literal(['private', 'public']),
      preset: z.literal([...presetNames]),
      title: name,
      includes: z.array(listName).max(20),
      maximumSize: z.int().min(1),
      outerSubject: z.literal(['hidden', 'shown-if-clear']),
      copies: z.literal(['shared', 'unlinkable']),
      clearToReporter: z.literal(['never', 'per-message', 'if-reported-in-clear']),
      maximumEmbargoDays: z.int().min(0).max(365),
    }),
  }),
  z.strictObject({ kind: z.literal(['list-show', 'list-key']), name: listName }),
  z.strictObject({ kind: z.literal('list-rotate-key'), name: listName, compromised: z.boolean() }),
  z.strictObject({
    kind: z.literal('member-add'),
    name,
    lists: z.array(listName).min(1).max(20),
    products: z.array(name).max(50),
  }),
  z.strictObject({ kind: z.literal('member-list') }),
  z.strictObject({ kind: z.literal('representative-add'), member: name, address, certificate }),
  z.strictObject({
    kind: z.literal(['representative-suspend', 'representative-restore', 'representative-remove']),
    member: name,
    address,
  }),
  z.strictObject({
    kind: z.literal(['administrator-add', 'administrator-remove']),
    list: listName,
    address,
    sure: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('certificate-check'), within: z.int().min(0) }),
  z.strictObject({ kind: z.literal('held-pass'), id, reason: z.string().trim().max(500) }),
  z.strictObject({ kind: z.literal('held-refuse'), id, reason }),
  z.strictObject({ kind: z.literal('obligation-settle'), id, ending: reason }),
  z.strictObject({ kind: z.literal('outbox-retry'), id }),
  z.strictObject({
    kind: z.literal('case-close'),
    caseNumber,
    posting: z.url({ protocol: /^https?$/ }).max(1_000),
  }),
  z.strictObject({ kind: z.literal('purge'), cases: z.array(caseNumber).max(1_000) }),
  z.strictObject({
    kind: z.literal('outbox-change'),
    change: z.literal(['retry', 'hold', 'release']),
    ids: z.array(id).min(1).max(mostOutboxChanges),
  }),
  z.strictObject({
    kind: z.literal('guest-add'),
    caseNumber,
    address,
    certificate,
  }),
  z.strictObject({ kind: z.literal(['journal-verify', 'restore-show', 'list-check']) }),
  z.discriminatedUnion('part', [
    z.strictObject({ kind: z.literal('restore-confirm'), part: z.literal(['roster', 'purges']), signed }),
    z.strictObject({
      kind: z.literal('restore-confirm'),
      part: z.literal('outbox'),
      uncertain: z.literal(['cancel', 'resend']),
      signed,
    }),
  ]),
  z.strictObject({ kind: z.literal('key-custodian'), address }),
  z.strictObject({ kind: z.literal('key-export') }),
]);

const json: z.ZodType<Json> = z.json();
const answer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done'), text: z.array(z.string()), data: json }),
  z.strictObject({ kind: z.literal('refused'), reason: z.string() }),
]);

/**
 * What is signed names the row that it lies in. Whoever can write the table may exchange rows, but neither side takes
 * words that were signed for another one: no old answer stands for a new one, no request is answered as a third.
 */
const addressedRequest = z.strictObject({ id, request });
const addressedAnswer = z.strictObject({ id, answer });

/** Undefined when the bytes are no request for this row. */
export function readRequest(row: string, bytes: Uint8Array): Request | undefined {
  if (bytes.length > longestRequest) return undefined;
  const read = addressedRequest.safeParse(parseJson(bytes)).data;
  return read?.id === row ? read.request : undefined;
}

/** `other`: an answer that was given to another request. Undefined when the bytes are no answer that we know. */
export function readAnswer(row: string, bytes: Uint8Array): Answer | 'other' | undefined {
  const read = addressedAnswer.safeParse(parseJson(bytes)).data;
  return read && read.id !== row ? 'other' : read?.answer;
}

export function writeRequest(row: string, value: Request): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ id: row, request: value }));
}

export function writeAnswer(row: string, value: Answer): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ id: row, answer: value }));
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
