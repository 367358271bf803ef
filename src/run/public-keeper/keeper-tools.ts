import type { Log } from '../../adapters/log/log.ts';
import type { PublicKeeperStore } from '../../adapters/postgres/public-store.ts';
import type { PostingTools } from '../../publication/archive/make-posting.ts';
import type { Instant } from '../../time/instant.ts';

/** What public-keeper works with. It holds no key: `isOperators` asks the pinned public half. */
export type KeeperTools = Readonly<{
  store: PublicKeeperStore;
  /** The domain of the lists: what a request of the operator is for. */
  domain: string;
  posting: PostingTools;
  isOperators: (bytes: Uint8Array, signature: Uint8Array) => boolean;
  clock: () => Instant;
  log: Pick<Log, 'info' | 'error'>;
}>;
