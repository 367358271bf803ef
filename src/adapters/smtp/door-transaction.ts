import type {
  SMTPServerAddress,
  SMTPServerDataResult,
  SMTPServerDataStream,
  SMTPServerSession,
} from 'smtp-server';
import type { Address } from '../../mail/address.ts';
import { parseReversePath, type ReversePath } from '../../mail/reverse-path.ts';
import { collectMessage } from './collect-message.ts';
import type { DoorParameters } from './door-parameters.ts';
import { type Reply, replies } from './door-replies.ts';
import type { DoorSessions, DoorState } from './door-sessions.ts';

type Done = (error?: Error | null, message?: string | SMTPServerDataResult[]) => void;

/** What one transaction gathers: each accepted RCPT is owed an answer in LMTP (RFC 2033 §4.2), repeated ones too. */
type Recipients = { addresses: Address[]; accepted: number };

/** MAIL, RCPT and DATA as the library calls them. */
export function doorTransaction(parameters: DoorParameters, state: DoorState, sessions: DoorSessions) {
  const recipientsOf = new WeakMap<object, Recipients>();

  const answerRecipient = async (given: SMTPServerAddress, session: SMTPServerSession, done: Done) => {
    const answer = await parameters.recipient(given.address);
    if (answer.kind === 'refused') return done(asError(answer.reply));
    const known = recipientsOf.get(session.envelope) ?? { addresses: [], accepted: 0 };
    if (!known.addresses.includes(answer.address)) known.addresses.push(answer.address);
    known.accepted += 1;
    recipientsOf.set(session.envelope, known);
    done();
  };

  const answerData = async (stream: SMTPServerDataStream, session: SMTPServerSession, done: Done) => {
    const recipients = recipientsOf.get(session.envelope) ?? { addresses: [], accepted: 1 };
    const sender = senderOf(session);
    const { collected, release } = await collectMessage(stream, state.room, state.limits.messageBytes);
    try {
      if (collected.kind === 'lost') return done(asError(replies.notNow));
      const reply =
        collected.kind === 'refused'
          ? collected.reply
          : await parameters.accept({
              peer: session.remoteAddress,
              helo: session.hostNameAppearsAs || '',
              tls: session.secure === true,
              mailFrom: sender ?? '',
              recipients: recipients.addresses,
              raw: collected.raw,
            });
      answerEach(reply, parameters.protocol === 'lmtp' ? recipients.accepted : undefined, done);
    } finally {
      release();
    }
  };

  return {
    onMailFrom(given: SMTPServerAddress, session: SMTPServerSession, done: Done): void {
      if (!sessions.mayBegin(session.id)) done(asError(replies.tooFast));
      else if (given.address !== '' && !parseReversePath(given.address)) done(asError(replies.badSender));
      else done();
    },
    onRcptTo(given: SMTPServerAddress, session: SMTPServerSession, done: Done): void {
      answerRecipient(given, session, done).catch(() => done(asError(replies.notNow)));
    },
    onData(stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): void {
      sessions.working(session.id, true);
      answerData(stream, session, done)
        .catch(() => {
          parameters.log('accept-failed', {});
          const owed = recipientsOf.get(session.envelope)?.accepted ?? 1;
          answerEach(replies.notNow, parameters.protocol === 'lmtp' ? owed : undefined, done);
        })
        .finally(() => sessions.working(session.id, false));
    },
  };
}

function senderOf(session: SMTPServerSession): ReversePath | '' | undefined {
  const from = session.envelope.mailFrom;
  return from && from.address !== '' ? parseReversePath(from.address) : '';
}

function answerEach(reply: Reply, lmtpReplies: number | undefined, done: Done): void {
  const result = reply.code < 400 ? reply.text : asError(reply);
  if (lmtpReplies !== undefined) done(null, new Array<Error | string>(lmtpReplies).fill(result));
  else if (typeof result === 'string') done(null, result);
  else done(result);
}

/** The library's form of a refusal. */
function asError(reply: Reply): Error {
  return Object.assign(new Error(reply.text), { responseCode: reply.code });
}
