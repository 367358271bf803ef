import type { Address } from '../../mail/address.ts';
import type { ReversePath } from '../../mail/reverse-path.ts';
import type { Instant } from '../../time/instant.ts';
import type { DoorLimits } from './door-limits.ts';
import type { Reply } from './door-replies.ts';

/** One complete mail, before anything is decided about it. */
export type Delivered = Readonly<{
  peer: string;
  helo: string;
  tls: boolean;
  mailFrom: ReversePath | '';
  recipients: readonly Address[];
  raw: Uint8Array;
}>;

export type RecipientAnswer =
  | Readonly<{ kind: 'accepted'; address: Address }>
  | Readonly<{ kind: 'refused'; reply: Reply }>;

export type DoorParameters = Readonly<{
  protocol: 'smtp' | 'lmtp';
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** Other processes of the same user take connections on it as well; the kernel deals them out (SO_REUSEPORT). */
  shared?: boolean | undefined;
  /** Our name in greeting and answers. */
  hostName: string;
  /** Without it STARTTLS is neither offered nor known. */
  tls?: DoorTls | undefined;
  limits?: DoorLimits | undefined;
  /** Addresses of our own relays in front, whom the limits per network do not bind. */
  ownRelays?: readonly string[] | undefined;
  clock: () => Instant;
  recipient: (address: string) => Promise<RecipientAnswer>;
  /** Resolves with the answer after the commit; when it throws, the peer is told to try again. */
  accept: (delivered: Delivered) => Promise<Reply>;
  /** Operator's log: never content, never an address of a sender. */
  log: (event: string, fields: Readonly<{ address?: string; code?: string }>) => void;
}>;

/** PEM texts. */
export type DoorTls = Readonly<{ certificate: string; key: string }>;
