import type { Socket } from 'node:net';
import type { SMTPServer } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import type { Room } from './collect-message.ts';
import type { DoorLimits } from './door-limits.ts';
import type { DoorParameters } from './door-parameters.ts';
import { type Reply, replies } from './door-replies.ts';
import type { MessageRate } from './message-rate.ts';
import { peerNetwork } from './peer-network.ts';

/** What changes while a door is open. */
export type DoorState = { limits: DoorLimits; rate: MessageRate; room: Room; stopping: boolean };

type Session = {
  readonly connection: SMTPConnection;
  readonly network: string;
  readonly timer: NodeJS.Timeout;
  errors: number;
  /** A mail is being received or committed. */
  working: boolean;
};

/** Who is connected: admits, counts per network, ends sessions that err too often or last too long. */
export function doorSessions(parameters: DoorParameters, state: DoorState) {
  const sessions = new Map<string, Session>();
  const perNetwork = new Map<string, number>();
  const ownNetworks = new Set((parameters.ownRelays ?? []).map(peerNetwork));

  const refusal = (network: string): Reply | undefined => {
    if (state.stopping) return replies.stopping;
    if (sessions.size >= state.limits.connections) return replies.busy;
    if (ownNetworks.has(network)) return undefined;
    return (perNetwork.get(network) ?? 0) >= state.limits.connectionsPerNetwork
      ? replies.busyNetwork
      : undefined;
  };

  return {
    admit(server: SMTPServer, socket: Socket): void {
      const network = peerNetwork(socket.remoteAddress ?? '');
      const reply = refusal(network);
      if (reply) {
        parameters.log('connection-refused', { address: network, code: String(reply.code) });
        turnAway(socket, reply);
        return;
      }
      const connection = new SMTPConnection(server, socket);
      const session: Session = {
        connection,
        network,
        timer: setTimeout(() => endSession(session), state.limits.session).unref(),
        errors: 0,
        working: false,
      };
      sessions.set(connection.id, session);
      perNetwork.set(network, (perNetwork.get(network) ?? 0) + 1);
      countErrors(session, state);
      server.connections.add(connection);
      connection.on('error', () => parameters.log('connection-error', { address: network }));
      connection.init();
    },
    closed(id: string): void {
      const session = sessions.get(id);
      if (!session) return;
      sessions.delete(id);
      clearTimeout(session.timer);
      const left = (perNetwork.get(session.network) ?? 1) - 1;
      if (left > 0) perNetwork.set(session.network, left);
      else perNetwork.delete(session.network);
    },
    mayBegin(id: string): boolean {
      const network = sessions.get(id)?.network ?? '';
      return ownNetworks.has(network) || state.rate.take(network, parameters.clock());
    },
    working(id: string, working: boolean): void {
      const session = sessions.get(id);
      if (!session) return;
      session.working = working;
      if (!working && state.stopping) setImmediate(() => goodbye(session, replies.stopping));
    },
    /** Ends every session that has no mail in progress; the others end after theirs. */
    farewell(): void {
      for (const session of sessions.values()) if (!session.working) goodbye(session, replies.stopping);
    },
  };
}

export type DoorSessions = ReturnType<typeof doorSessions>;

/** A peer that guesses addresses or commands hears so many refusals and no more. */
function countErrors(session: Session, state: DoorState): void {
  const { connection } = session;
  const send = connection.send.bind(connection);
  connection.send = (code, data, context) => {
    if (code >= 400 && code !== 421) session.errors += 1;
    const said = typeof data === 'string' ? ownWords(data) : data;
    if (session.errors <= state.limits.errors) return send(code, said, context);
    session.errors = Number.NEGATIVE_INFINITY;
    return send(replies.tooManyErrors.code, replies.tooManyErrors.text, false);
  };
}

/**
 * In some refusals the library repeats what a peer said, up to a whole command. RFC 5321 §4.2, §4.5.3.1.5: a reply is ASCII,
 * and no longer than 512 with code and line end.
 */
function ownWords(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 500);
}

/** A mail that is being committed gets its answer first: cutting it off would make the peer send it twice. */
function endSession(session: Session): void {
  if (session.working) session.timer.refresh();
  else goodbye(session, replies.sessionTooLong);
}

function goodbye(session: Session, reply: Reply): void {
  session.connection.send(reply.code, reply.text, false);
}

/** Attack: connections refused at the limit that then stay open on purpose. */
const turnedAwayWithin = 2_000;

function turnAway(socket: Socket, reply: Reply): void {
  socket.on('error', () => socket.destroy());
  socket.setTimeout(turnedAwayWithin, () => socket.destroy());
  socket.resume();
  socket.end(`${reply.code} ${reply.text}\r\n`);
}
