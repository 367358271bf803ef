/** What a message on Node's channel says it is; whoever sent it may be conquered, so nothing else of it is believed. */
export function kindOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'kind' in message ? message.kind : undefined;
}
