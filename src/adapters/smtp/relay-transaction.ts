import { parseAddress } from '../../mail/address.ts';
import type { WireMail, WireResult } from '../../message/deliver/deliver.ts';
import { command, type RelayConnection } from './relay-connection.ts';
import { WireError } from './relay-wire.ts';
import type { ServerReply } from './reply-parser.ts';

/** `began` is false while the peer had not yet said 354: then nothing of the mail has left, and a retry repeats nothing. */
export type TransactionResult = WireResult & Readonly<{ began: boolean }>;

const finalDot = Buffer.from('.\r\n');

/** One mail to one recipient: a refusal of one reader touches no other. */
export async function relayTransaction(
  connection: RelayConnection,
  mail: WireMail,
): Promise<TransactionResult> {
  const commands = transactionCommands(connection, mail);
  if ('kind' in commands) return { ...commands, began: false };
  let began = false;
  try {
    const refused = await openTransaction(connection, commands);
    if (refused) return { ...refused, began };
    if (mail.mayStillLeave && !(await mail.mayStillLeave())) return withdraw(connection);
    began = true;
    return { ...(await writeMail(connection, mail)), began };
  } catch (error) {
    connection.wire.close();
    return {
      kind: 'connection-fault',
      code: 0,
      reason: error instanceof WireError ? error.code : 'connection-lost',
      began,
    };
  }
}

/** RFC 5321 §4.1.1.4: after 354 there is no way back but to hang up; what had no end is thrown away. */
function withdraw({ wire }: RelayConnection): TransactionResult {
  wire.close();
  return { kind: 'withdrawn', code: 0, reason: 'withdrawn', began: false };
}

type Commands = Readonly<{ mail: string; recipient: string }>;

function transactionCommands(connection: RelayConnection, mail: WireMail): Commands | WireResult {
  const { returnPath, recipient } = mail;
  // The row came from a database: what is no bare address could end the command and begin another.
  const wellFormed = parseAddress(recipient) && (returnPath === '' || parseAddress(returnPath));
  if (!wellFormed) return { kind: 'refused', code: 0, reason: 'address-malformed' };
  const international = /[^\x20-\x7e]/.test(`${returnPath}${recipient}`);
  if (international && !connection.smtpUtf8) return { kind: 'refused', code: 0, reason: 'needs-smtputf8' };
  const size = mail.pieces.reduce((sum, piece) => sum + piece.length, 0);
  return {
    mail: `MAIL FROM:<${returnPath}>${connection.size ? ` SIZE=${size}` : ''}${international ? ' SMTPUTF8' : ''}`,
    recipient: `RCPT TO:<${recipient}>`,
  };
}

/** MAIL, RCPT and DATA, in one packet where the server can (RFC 2920); undefined once it said 354. */
async function openTransaction(
  connection: RelayConnection,
  commands: Commands,
): Promise<WireResult | undefined> {
  const { wire, timeouts } = connection;
  if (!connection.pipelining) {
    const from = await command(wire, commands.mail, timeouts.mail);
    if (from.code !== 250) return reset(connection, refusal(from, 'sender'));
    const to = await command(wire, commands.recipient, timeouts.recipient);
    if (!isAcceptance(to)) return reset(connection, refusal(to, 'recipient'));
    const start = await command(wire, 'DATA', timeouts.dataStart);
    return start.code === 354 ? undefined : reset(connection, refusal(start, 'data'));
  }
  await wire.write([Buffer.from(`${commands.mail}\r\n${commands.recipient}\r\nDATA\r\n`)], timeouts.mail);
  const from = await wire.reply(timeouts.mail);
  const to = await wire.reply(timeouts.recipient);
  const start = await wire.reply(timeouts.dataStart);
  const refused =
    (from.code === 250 ? undefined : refusal(from, 'sender')) ??
    (isAcceptance(to) ? undefined : refusal(to, 'recipient'));
  if (start.code === 354) {
    if (!refused) return undefined;
    // RFC 2920 §3.1: the server waits for a mail to nobody; an empty one ends it.
    await wire.write([finalDot], timeouts.dataPiece);
    await wire.reply(timeouts.dataEnd);
    return refused;
  }
  return reset(connection, refused ?? refusal(start, 'data'));
}

async function writeMail(connection: RelayConnection, mail: WireMail): Promise<WireResult> {
  const { wire, timeouts } = connection;
  // A reply before there was a mail belongs to nothing: 250 there must not count as taken.
  if (wire.ahead) throw new WireError('reply-malformed');
  try {
    await wire.write([...mail.pieces, finalDot], timeouts.dataPiece);
  } catch (error) {
    // A server may refuse in the middle and hang up; its word, if it left one, says more than the lost connection.
    if (!wire.ahead) throw error;
    const early = await wire.reply(timeouts.dataEnd);
    if (early.code < 400) throw error;
    return refusal(early, 'content');
  }
  const end = await wire.reply(timeouts.dataEnd);
  return isAcceptance(end)
    ? { kind: 'accepted', code: end.code, reason: 'accepted' }
    : closeIfAsked(connection, refusal(end, 'content'));
}

function isAcceptance(reply: ServerReply): boolean {
  return reply.code >= 200 && reply.code < 300;
}

function refusal(reply: ServerReply, what: 'sender' | 'recipient' | 'data' | 'content'): WireResult {
  // 530: the relay wants a login first. That is between it and us, and no reason to give the reader up.
  const final = reply.code >= 500 && reply.code !== 530;
  return final
    ? { kind: 'refused', code: reply.code, reason: `refused-${what}` }
    : { kind: 'refused-for-now', code: reply.code, reason: `deferred-${what}` };
}

/** RFC 5321 §3.8: after 421 the server closes. */
function closeIfAsked(connection: RelayConnection, result: WireResult): WireResult {
  if (result.code === 421) connection.wire.close();
  return result;
}

async function reset(connection: RelayConnection, result: WireResult): Promise<WireResult> {
  closeIfAsked(connection, result);
  if (!connection.wire.usable) return result;
  try {
    const reply = await command(connection.wire, 'RSET', connection.timeouts.command);
    if (reply.code !== 250) connection.wire.close();
  } catch {
    connection.wire.close();
  }
  return result;
}
