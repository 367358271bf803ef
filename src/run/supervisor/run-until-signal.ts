import type { Supervision } from './supervisor.ts';

/**
 * Keeps the supervised processes until SIGINT or SIGTERM, then stops them in order. SIGHUP is passed on, or, where a
 * terminal is all there is, means that its window was closed. A second interrupt does not hurry it: what is in a peer's
 * hands is finished within seconds.
 */
export async function runUntilSignal(
  supervision: Supervision,
  hangUp: 'reloads' | 'stops' = 'reloads',
): Promise<void> {
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const onStop = () => ask();
  const onHangUp = hangUp === 'stops' ? onStop : supervision.reload;
  process.on('SIGINT', onStop).on('SIGTERM', onStop).on('SIGHUP', onHangUp);
  // Signals alone keep no event loop alive, and with every process waiting to be restarted nothing else might.
  const stay = setInterval(() => {}, 60_000);
  await asked;
  await supervision.stop();
  clearInterval(stay);
  process.off('SIGINT', onStop).off('SIGTERM', onStop).off('SIGHUP', onHangUp);
}
