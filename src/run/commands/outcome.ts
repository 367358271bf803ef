import type { Answer, Json } from '../../message/requests/request.ts';

/** What a command ends with: an answer, or a report that is printed whole and decides the exit code. */
export type Outcome =
  | Answer
  | Readonly<{ kind: 'examined'; healthy: boolean; text: readonly string[]; data: Json }>;
