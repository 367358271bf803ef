import { openMail } from '../../message/open/open-mail.ts';
import type { OpenMail } from '../../message/open/opened.ts';
import type { OpenMailTools } from '../../message/open/opening-tools.ts';

/** Opens without a child, for tests only: a keyholder never does (P3). */
export function openInProcess(tools: OpenMailTools): OpenMail {
  return (task, ask) => openMail(task, ask, tools);
}
