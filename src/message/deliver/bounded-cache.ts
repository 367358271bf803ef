/**
 * Keeps what many rows share (a body's parts, a permit) while they are sent, up to a number of bytes: a report to a
 * thousand readers reads its ciphertext once. The least recently used goes first; the newest always stays.
 */
export function boundedCache<Value>(maximumBytes: number, sizeOf: (value: Value) => number) {
  const kept = new Map<string, Promise<Value | undefined>>();
  const sizes = new Map<string, number>();
  let total = 0;
  const forget = (key: string) => {
    kept.delete(key);
    total -= sizes.get(key) ?? 0;
    sizes.delete(key);
  };
  const remember = (key: string, value: Value) => {
    const size = sizeOf(value);
    sizes.set(key, size);
    total += size;
    for (const oldest of [...kept.keys()]) {
      if (total <= maximumBytes || oldest === key) break;
      forget(oldest);
    }
  };
  return {
    /** Two who ask at once share one reading; what is missing or failed is not kept. */
    get(key: string, read: () => Promise<Value | undefined>): Promise<Value | undefined> {
      const known = kept.get(key);
      if (known) {
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      const reading = read().then(
        (value) => {
          if (kept.get(key) !== reading) return value;
          if (value === undefined) forget(key);
          else remember(key, value);
          return value;
        },
        (error: unknown) => {
          if (kept.get(key) === reading) forget(key);
          throw error;
        },
      );
      kept.set(key, reading);
      return reading;
    },
    get bytes(): number {
      return total;
    },
  };
}
