/** Where one row of the outbox stands. */
export type OutboxState =
  | 'queued'
  | 'deferred'
  | 'sent'
  | 'failed'
  | 'parked'
  | 'uncertain'
  | 'held'
  | 'cancelled'
  /** By the operator, until they release it; `held` is sender's own word (P5). */
  | 'stopped';
