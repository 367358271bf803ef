import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { defaultRelayTimeouts, type RelaySettings, type RelayTimeouts } from './relay-settings.ts';
import { type RelayWire, relayWire, WireError } from './relay-wire.ts';
import type { ServerReply } from './reply-parser.ts';

/** Greeted, encrypted where it should be, logged in: ready for mails. */
export type RelayConnection = Readonly<{
  wire: RelayWire;
  pipelining: boolean;
  /** Announced with RFC 1870; only then may MAIL say SIZE. */
  size: boolean;
  smtpUtf8: boolean;
  timeouts: RelayTimeouts;
}>;

export type OpenFault = Readonly<{ kind: 'connection-fault'; code: number; reason: string }>;

type Opened = Readonly<{ kind: 'open'; connection: RelayConnection }>;

/** Opens a connection as RFC 5321 §3.1 and RFC 3207 say; whatever goes wrong is returned, and the socket closed. */
export async function openRelayConnection(settings: RelaySettings): Promise<Opened | OpenFault> {
  const timeouts = settings.timeouts ?? defaultRelayTimeouts;
  let wire: RelayWire | undefined;
  try {
    let socket = await connected(
      connect({ host: settings.host, port: settings.port }),
      timeouts.connect,
      'connect',
    );
    wire = relayWire(socket);
    const greeting = await wire.reply(timeouts.greeting);
    if (greeting.code !== 220) return closing(wire, fault('greeting-refused', greeting));
    let extensions = await hello(wire, settings.hostName, timeouts);
    if (!extensions) return closing(wire, fault('hello-refused'));
    const secure = settings.tls !== 'none' && extensions.has('STARTTLS');
    if (settings.tls === 'required' && !secure) return closing(wire, fault('tls-not-offered'));
    if (secure) {
      const upgraded = await startTls(wire, socket, settings, timeouts);
      if ('kind' in upgraded) return closing(wire, upgraded);
      socket = upgraded.socket;
      wire = relayWire(socket);
      extensions = await hello(wire, settings.hostName, timeouts);
      if (!extensions) return closing(wire, fault('hello-refused'));
    }
    const refused =
      settings.login && (await logIn(wire, extensions, { ...settings.login, secure, timeouts }));
    if (refused) return closing(wire, refused);
    const connection = {
      wire,
      pipelining: extensions.has('PIPELINING'),
      size: extensions.has('SIZE'),
      smtpUtf8: extensions.has('SMTPUTF8'),
      timeouts,
    };
    return { kind: 'open', connection };
  } catch (error) {
    wire?.close();
    return fault(error instanceof WireError ? error.code : 'connection-refused');
  }
}

function fault(reason: string, reply?: ServerReply): OpenFault {
  return { kind: 'connection-fault', code: reply?.code ?? 0, reason };
}

function closing(wire: RelayWire, result: OpenFault): OpenFault {
  wire.close();
  return result;
}

function connected<S extends Socket>(
  socket: S,
  within: number,
  event: 'connect' | 'secureConnect',
): Promise<S> {
  return new Promise((resolve, reject) => {
    const onEvent = () => {
      quiet();
      resolve(socket);
    };
    const onError = () => {
      quiet();
      // Errors may follow the first one; without a listener they would end the process.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(new WireError('connection-lost'));
    };
    const timer = setTimeout(onError, within);
    const quiet = () => {
      clearTimeout(timer);
      socket.off(event, onEvent).off('error', onError).off('close', onError);
    };
    socket.once(event, onEvent).once('error', onError).once('close', onError);
  });
}

/** The extensions a server has, upper case; HELO where it knows no EHLO (RFC 5321 §3.2). */
async function hello(
  wire: RelayWire,
  hostName: string,
  timeouts: RelayTimeouts,
): Promise<ReadonlySet<string> | undefined> {
  const extended = await command(wire, `EHLO ${hostName}`, timeouts.command);
  if (extended.code === 250) {
    return new Set(extended.lines.slice(1).map((line) => line.split(' ')[0]?.toUpperCase() ?? ''));
  }
  if (extended.code < 500) return undefined;
  const plain = await command(wire, `HELO ${hostName}`, timeouts.command);
  return plain.code === 250 ? new Set() : undefined;
}

async function startTls(
  wire: RelayWire,
  socket: Socket,
  settings: RelaySettings,
  timeouts: RelayTimeouts,
): Promise<Readonly<{ socket: Socket }> | OpenFault> {
  const reply = await command(wire, 'STARTTLS', timeouts.command);
  if (reply.code !== 220) return fault('tls-refused', reply);
  // Attack: replies put in before the handshake, to be believed after it (RFC 3207 §5 and CVE-2011-0411's kin).
  if (wire.ahead) return fault('tls-injection');
  wire.release();
  const encrypted = connectTls({
    socket,
    ...(isIP(settings.host) ? {} : { servername: settings.host }),
    host: settings.host,
    rejectUnauthorized: settings.tls === 'required',
    ...(settings.authorities === undefined ? {} : { ca: settings.authorities }),
  });
  try {
    return { socket: await connected(encrypted, timeouts.connect, 'secureConnect') };
  } catch {
    socket.destroy();
    return fault('tls-failed');
  }
}

/** RFC 4954, PLAIN (RFC 4616) or LOGIN; undefined once logged in. */
async function logIn(
  wire: RelayWire,
  extensions: ReadonlySet<string>,
  login: Readonly<{ username: string; password: string; secure: boolean; timeouts: RelayTimeouts }>,
): Promise<OpenFault | undefined> {
  if (!login.secure) return fault('login-needs-tls');
  if (!extensions.has('AUTH')) return fault('login-not-offered');
  const within = login.timeouts.command;
  const plain = Buffer.from(`\0${login.username}\0${login.password}`).toString('base64');
  let reply = await command(wire, `AUTH PLAIN ${plain}`, within);
  if (reply.code === 504) {
    reply = await command(wire, 'AUTH LOGIN', within);
    for (const word of [login.username, login.password]) {
      if (reply.code === 334) reply = await command(wire, Buffer.from(word).toString('base64'), within);
    }
  }
  return reply.code === 235 ? undefined : fault('login-refused', reply);
}

export async function command(wire: RelayWire, line: string, within: number): Promise<ServerReply> {
  await wire.write([Buffer.from(`${line}\r\n`, 'utf8')], within);
  return wire.reply(within);
}
