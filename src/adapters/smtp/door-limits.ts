import { type Duration, hour, minute } from '../../time/instant.ts';

/** What a stranger may take from us. Every number is configurable; the attack it stops stands above it. */
export type DoorLimits = Readonly<{
  /** One mail that fills memory or disk. RFC 1870 announces it. */
  messageBytes: number;
  /** Rows of addresses without end in one transaction; RFC 5321 §4.5.3.1.8 wants at least 100. */
  recipients: number;
  /** Descriptors and memory used up by many machines together. */
  connections: number;
  /** The same by one machine, or by one IPv6 customer, who has a whole /64 of addresses. */
  connectionsPerNetwork: number;
  /** A flood of mail from one machine or /64: this many at once, and then so many a minute. */
  messageBurst: number;
  messagesPerMinute: number;
  /** Many connections that each send a large mail slowly: bytes of unfinished mails held at one time. */
  bytesInFlight: number;
  /** A peer that says nothing. RFC 5321 §4.5.3.2.7 wants at least 5 minutes. */
  idle: Duration;
  /** A peer that says one byte every four minutes, for days. */
  session: Duration;
  /** Guessing addresses or commands: after so many refusals the connection ends. */
  errors: number;
  /** Command lines without an end; long enough for RFC 6531 addresses with all parameters. */
  commandLine: number;
}>;

export const defaultDoorLimits: DoorLimits = {
  messageBytes: 25 * 1024 * 1024,
  recipients: 100,
  connections: 200,
  connectionsPerNetwork: 20,
  messageBurst: 60,
  messagesPerMinute: 30,
  bytesInFlight: 256 * 1024 * 1024,
  idle: 5 * minute,
  session: 2 * hour,
  errors: 20,
  commandLine: 4096,
};
