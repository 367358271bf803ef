/** So many deliveries at a time, and no more. */
export function createLanes(count: number) {
  let busy = 0;
  const waiting: (() => void)[] = [];
  const enter = async (): Promise<void> => {
    if (busy < count) {
      busy += 1;
      return;
    }
    // Whoever leaves hands its place on: `busy` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else busy -= 1;
  };
  return {
    get free(): number {
      return count - busy;
    },
    /** Resolves when a place is free; it may be gone again. */
    async whenFree(): Promise<void> {
      await enter();
      leave();
    },
    async run<T>(work: () => Promise<T>): Promise<T> {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
