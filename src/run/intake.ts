/**
 * The process that faces strangers: takes mail by SMTP and LMTP, seals what is private, and says `250` when it is
 * committed. It holds the lists' storage certificates and no secret, and cannot read what it wrote (DESIGN §4).
 */
import type { AddressInfo } from 'node:net';
import { domainToUnicode } from 'node:url';
import { codeOf } from '../adapters/log/log.ts';
import {
  type AuthenticationSettings,
  authenticateMail,
  type MailResolver,
  notChecked,
} from '../adapters/mail-auth/authenticate-mail.ts';
import { type Door, openDoor } from '../adapters/smtp/door.ts';
import { type DoorLimits, defaultDoorLimits } from '../adapters/smtp/door-limits.ts';
import type { DoorTls, RecipientAnswer } from '../adapters/smtp/door-parameters.ts';
import { accepted, type Reply, replies } from '../adapters/smtp/door-replies.ts';
import type { InboxStore } from '../message/door-ports.ts';
import type { Sealed } from '../message/ports.ts';
import { type ReceivePorts, readRecipient, receive, type Transaction } from '../message/receive/receive.ts';
import { type Instant, second } from '../time/instant.ts';
import { type DoorSource, type IntakeDoors, type IntakeLog, intakeDoors } from './intake-doors.ts';

export type ListenAt = Readonly<{ host: string; port: number; shared?: boolean }>;

export type IntakeParameters = Readonly<{
  smtp: readonly ListenAt[];
  lmtp: readonly ListenAt[];
  /** The part after the `@` of every list. */
  domain: string;
  /** Our name in greetings. */
  hostName: string;
  store: InboxStore & DoorSource;
  sealAtDoor: (bytes: Uint8Array, storageCertificate: Uint8Array, now: Instant) => Promise<Sealed>;
  /** Whether the keyholder signed these bytes. */
  verify: (bytes: Uint8Array, signature: Uint8Array) => boolean;
  clock: () => Instant;
  newId: () => string;
  log: IntakeLog;
  limits?: DoorLimits | undefined;
  tls?: DoorTls | undefined;
  /** Own relays in front, not bound by the limits per network. */
  ownRelays?: readonly string[] | undefined;
  /** Absent: SPF, DKIM and DMARC are not looked up. */
  resolver?: MailResolver | undefined;
}>;

export type Intake = Readonly<{
  smtp: readonly AddressInfo[];
  lmtp: readonly AddressInfo[];
  reload: Door['reload'];
  /** Accepts nobody new, lets mails in progress end. */
  stop: () => Promise<void>;
}>;

/** Longer than a slow name server, shorter than the 10 minutes a peer waits after its last dot (RFC 5321 §4.5.3.2.6). */
const authenticateWithin = 15 * second;

export async function startIntake(parameters: IntakeParameters): Promise<Intake> {
  const doors = intakeDoors(parameters);
  await doors.read();
  const opened: Door[] = [];
  const openAll = async (protocol: 'smtp' | 'lmtp', places: readonly ListenAt[]) => {
    const addresses: AddressInfo[] = [];
    for (const place of places) {
      const door = await openDoor(doorParameters(parameters, doors, protocol, place));
      opened.push(door);
      addresses.push(door.address);
    }
    return addresses;
  };
  const stop = async () => {
    doors.stop();
    await Promise.all(opened.map((door) => door.stop()));
  };
  try {
    return {
      smtp: await openAll('smtp', parameters.smtp),
      lmtp: await openAll('lmtp', parameters.lmtp),
      reload: (settings) => {
        for (const door of opened) door.reload(settings);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function doorParameters(
  parameters: IntakeParameters,
  doors: IntakeDoors,
  protocol: 'smtp' | 'lmtp',
  place: ListenAt,
): Parameters<typeof openDoor>[0] {
  const { hostName, clock, tls, log } = parameters;
  const domain = domainToUnicode(parameters.domain) || parameters.domain;
  const ports: ReceivePorts = {
    domain,
    doors: doors.current,
    refreshDoors: doors.read,
    store: loudStore(parameters.store, log),
    sealAtDoor: parameters.sealAtDoor,
    authenticate: authentication(parameters, protocol === 'lmtp'),
    newId: parameters.newId,
  };
  return {
    protocol,
    ...place,
    hostName,
    tls,
    limits: parameters.limits ?? defaultDoorLimits,
    ownRelays: parameters.ownRelays,
    clock,
    recipient: (given) => answerRecipient(given, domain, doors),
    accept: async (delivered) => answerMail(delivered, ports, parameters),
    log: (event, fields) => log.info(event, fields),
  };
}

async function answerRecipient(given: string, domain: string, doors: IntakeDoors): Promise<RecipientAnswer> {
  let reading = readRecipient(given, domain, doors.current());
  if (reading.kind === 'unknown' || reading.kind === 'no-doors') {
    await doors.refresh();
    reading = readRecipient(given, domain, doors.current());
  }
  switch (reading.kind) {
    case 'ours':
      return { kind: 'accepted', address: reading.address };
    case 'malformed':
      return { kind: 'refused', reply: replies.badRecipient };
    case 'relay':
      return { kind: 'refused', reply: replies.noRelay };
    case 'unknown':
      return { kind: 'refused', reply: replies.unknownRecipient };
    case 'no-doors':
      return { kind: 'refused', reply: replies.notNow };
  }
}

async function answerMail(
  delivered: Transaction,
  ports: ReceivePorts,
  parameters: IntakeParameters,
): Promise<Reply> {
  const received = await receive(delivered, ports, parameters.clock());
  if (received.kind === 'accepted') {
    parameters.log.info('mail-accepted', { id: received.id });
    return accepted(received.id);
  }
  parameters.log.warn('mail-not-taken', { code: received.reason });
  return received.reason === 'storage-full' ? replies.full : replies.notNow;
}

/** Operators need the database's code; the peer hears none of it. */
function loudStore(store: InboxStore, log: IntakeLog): InboxStore {
  const loudly = async (work: Promise<void>) => {
    try {
      await work;
    } catch (error) {
      log.error('inbox-insert-failed', { code: codeOf(error) });
      throw error;
    }
  };
  return {
    ...store,
    insertPrivate: (row) => loudly(store.insertPrivate(row)),
    insertPublic: (row) => loudly(store.insertPublic(row)),
  };
}

function authentication(
  parameters: IntakeParameters,
  throughOwnRelay: boolean,
): ReceivePorts['authenticate'] {
  const { resolver, hostName } = parameters;
  if (!resolver) return async () => notChecked;
  const settings: AuthenticationSettings = { hostName, resolver, within: authenticateWithin };
  return (transaction) => authenticateMail({ ...transaction, throughOwnRelay }, settings);
}
