import { openMail } from '../../message/open.ts';
import type { OpenMail } from '../../message/opened.ts';
import type { OpenerTools } from '../../message/opening-tools.ts';

/** Opens without a child, for scenario tests and the demo's readers; a real keyholder never does (P3). */
export function openInProcess(tools: OpenerTools): OpenMail {
  return (task, ask) => openMail(task, ask, tools);
}
