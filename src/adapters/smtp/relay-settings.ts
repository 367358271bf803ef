import { type Duration, minute, second } from '../../time/instant.ts';

/** Where outgoing mail is handed over, and how. */
export type RelaySettings = Readonly<{
  host: string;
  port: number;
  /** Our name in EHLO. */
  hostName: string;
  /** opportunistic: encrypted when offered, whatever the certificate; required: with a checked one; none: never. */
  tls: 'opportunistic' | 'required' | 'none';
  /** PEM certificates to trust instead of the system's. */
  authorities?: string | undefined;
  /** Given only over TLS. */
  login?: Readonly<{ username: string; password: string }> | undefined;
  timeouts?: RelayTimeouts | undefined;
}>;

export type RelayTimeouts = Readonly<Record<RelayWait, Duration>>;

type RelayWait =
  | 'connect'
  | 'greeting'
  | 'command'
  | 'mail'
  | 'recipient'
  | 'dataStart'
  | 'dataPiece'
  | 'dataEnd'
  | 'idle';

/** RFC 5321 §4.5.3.2, each at its minimum; connect, command and idle are ours. */
export const defaultRelayTimeouts: RelayTimeouts = {
  connect: 30 * second,
  greeting: 5 * minute,
  command: 5 * minute,
  mail: 5 * minute,
  recipient: 5 * minute,
  dataStart: 2 * minute,
  dataPiece: 3 * minute,
  dataEnd: 10 * minute,
  idle: 20 * second,
};
