/**
 * The door for mail: SMTP (RFC 5321) or LMTP (RFC 2033), with STARTTLS, SIZE, 8BITMIME, PIPELINING and SMTPUTF8.
 * It says `250` only after `accept` has resolved with it, hands on the bytes as they came, and refuses what could be
 * read in two ways (bare CR, bare LF, NUL). It knows nothing of lists and cases: `recipient` and `accept` decide.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { type DoorLimits, defaultDoorLimits } from './door-limits.ts';
import type { DoorParameters, DoorTls } from './door-parameters.ts';
import { type DoorState, doorSessions } from './door-sessions.ts';
import { doorTransaction } from './door-transaction.ts';
import { messageRate } from './message-rate.ts';

export type Door = Readonly<{
  address: AddressInfo;
  /** New TLS files and limits for sessions that begin from now on (SIGHUP). */
  reload: (settings: Readonly<{ tls?: DoorTls | undefined; limits?: DoorLimits | undefined }>) => void;
  /** Takes nobody new, lets mails in progress end, says goodbye to the rest. */
  stop: () => Promise<void>;
}>;

/** How long mails in progress may take to end once we stop. */
const stopWithin = 20_000;

/**
 * Commands of the library that we never offer: logins, its sendmail jokes, and the two that let a peer claim to be
 * another one.
 */
const neverOffered = ['AUTH', 'WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD'];

export async function openDoor(parameters: DoorParameters): Promise<Door> {
  const limits = parameters.limits ?? defaultDoorLimits;
  const state: DoorState = {
    limits,
    rate: messageRate(limits),
    room: { used: 0, limit: limits.bytesInFlight },
    stopping: false,
  };
  const sessions = doorSessions(parameters, state);
  const transaction = doorTransaction(parameters, state, sessions);
  const server = new SMTPServer({
    ...protocolOptions(parameters, limits),
    onMailFrom: transaction.onMailFrom,
    onRcptTo: transaction.onRcptTo,
    onData: transaction.onData,
    onClose: (session) => sessions.closed(session.id),
  });
  // Replaced, as the library's own check of limits only comes after its greeting delay.
  server.connect = (socket) => sessions.admit(server, socket);
  server.on('error', (error) => parameters.log('door-error', { code: errorCode(error) }));
  const { host, port, shared = false } = parameters;
  const listening = server.listen({ host, port, reusePort: shared });
  await once(listening, 'listening');
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('A door listens on a TCP port.');
  return {
    address,
    reload: (settings) => {
      if (settings.limits) {
        state.limits = settings.limits;
        state.rate = messageRate(settings.limits);
        state.room = { used: state.room.used, limit: settings.limits.bytesInFlight };
        Object.assign(server.options, limitOptions(settings.limits));
      }
      if (settings.tls) {
        server.options.hideSTARTTLS = false;
        server.options.disabledCommands = [...neverOffered];
        server.updateSecureContext({ cert: settings.tls.certificate, key: settings.tls.key });
      }
    },
    stop: async () => {
      state.stopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      sessions.farewell();
      await closed;
    },
  };
}

function protocolOptions(parameters: DoorParameters, limits: DoorLimits): SMTPServerOptions {
  const { tls } = parameters;
  return {
    ...limitOptions(limits),
    name: parameters.hostName,
    heloResponse: '%s',
    lmtp: parameters.protocol === 'lmtp',
    disableReverseLookup: true,
    // Who may be written to or from, we say ourselves: its own rules refuse senders whose reports would be lost.
    lenientAddressParsing: true,
    logger: false,
    closeTimeout: stopWithin,
    // The library brings a demonstration key that the world knows: without a key of ours there is no STARTTLS.
    hideSTARTTLS: tls === undefined,
    disabledCommands: tls === undefined ? [...neverOffered, 'STARTTLS'] : [...neverOffered],
    ...(tls === undefined ? {} : { key: tls.key, cert: tls.certificate }),
  };
}

function limitOptions(limits: DoorLimits): SMTPServerOptions {
  return {
    size: limits.messageBytes,
    maxRecipients: limits.recipients,
    socketTimeout: limits.idle,
    maxCommandLength: limits.commandLine,
  };
}

function errorCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
