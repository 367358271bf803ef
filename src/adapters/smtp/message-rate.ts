import { type Instant, minute } from '../../time/instant.ts';

/** Attack: one mail from each of a million addresses, to fill this table. The least recently seen is forgotten. */
const maximumNetworks = 50_000;

type Bucket = { tokens: number; at: Instant };

/** A token bucket per network: `burst` at once, then `perMinute`. `take` says whether one more may come. */
export function messageRate(limits: Readonly<{ messageBurst: number; messagesPerMinute: number }>) {
  const buckets = new Map<string, Bucket>();
  return {
    take(network: string, now: Instant): boolean {
      const bucket = buckets.get(network) ?? { tokens: limits.messageBurst, at: now };
      // A clock that went back adds nothing and takes nothing.
      const passed = Math.max(0, now - bucket.at);
      const tokens = Math.min(
        limits.messageBurst,
        bucket.tokens + (passed / minute) * limits.messagesPerMinute,
      );
      const granted = tokens >= 1;
      buckets.delete(network);
      buckets.set(network, { tokens: granted ? tokens - 1 : tokens, at: now });
      if (buckets.size > maximumNetworks) {
        for (const oldest of buckets.keys()) {
          buckets.delete(oldest);
          break;
        }
      }
      return granted;
    },
  };
}

export type MessageRate = ReturnType<typeof messageRate>;
