/** The operator's requests (P7), one file per noun. Each is executed by the keyholder, journalled, and answered. */
import type { Desk } from '../desk.ts';
import { administratorRequest } from './administrator-request.ts';
import { caseClose } from './case-close.ts';
import { certificateCheck } from './certificate-check.ts';
import type { Execution, RequestTools } from './execution.ts';
import { guestAdd } from './guest-add.ts';
import { heldRequest } from './held-request.ts';
import { journalVerify } from './journal-verify.ts';
import { keyCustodian } from './key-custodian.ts';
import { keyExport } from './key-export.ts';
import { listCheck } from './list-check.ts';
import { listAdd, listKey, listShow } from './list-requests.ts';
import { listRotateKey } from './list-rotate-key.ts';
import { memberAdd, memberList } from './member-requests.ts';
import { obligationSettle } from './obligation-settle.ts';
import { outboxChange } from './outbox-change.ts';
import { outboxRetry } from './outbox-retry.ts';
import { purge } from './purge.ts';
import { representativeAdd } from './representative-add.ts';
import { representativeChange } from './representative-change.ts';
import type { Request } from './request.ts';
import { restoreConfirm } from './restore-confirm.ts';
import { restoreShow } from './restore-show.ts';

export function executeRequest(request: Request, desk: Desk, tools: RequestTools): Promise<Execution> {
  switch (request.kind) {
    case 'list-add':
      return listAdd(request, desk, tools);
    case 'list-show':
      return listShow(request, desk, tools);
    case 'list-check':
      return listCheck(request, desk, tools);
    case 'list-key':
      return listKey(request, desk, tools);
    case 'list-rotate-key':
      return listRotateKey(request, desk, tools);
    case 'member-add':
      return memberAdd(request, desk, tools);
    case 'member-list':
      return memberList(request, desk, tools);
    case 'representative-add':
      return representativeAdd(request, desk, tools);
    case 'representative-suspend':
    case 'representative-restore':
    case 'representative-remove':
      return representativeChange(request, desk, tools);
    case 'administrator-add':
    case 'administrator-remove':
      return administratorRequest(request, desk, tools);
    case 'certificate-check':
      return certificateCheck(request, desk, tools);
    case 'held-pass':
    case 'held-refuse':
      return heldRequest(request, desk, tools);
    case 'outbox-retry':
      return outboxRetry(request, desk, tools);
    case 'outbox-change':
      return outboxChange(request, desk, tools);
    case 'obligation-settle':
      return obligationSettle(request, desk, tools);
    case 'guest-add':
      return guestAdd(request, desk, tools);
    case 'case-close':
      return caseClose(request, desk, tools);
    case 'purge':
      return purge(request, desk, tools);
    case 'key-custodian':
      return keyCustodian(request, desk, tools);
    case 'key-export':
      return keyExport(request, desk, tools);
    case 'journal-verify':
      return journalVerify(request, desk, tools);
    case 'restore-show':
      return restoreShow(request, desk, tools);
    case 'restore-confirm':
      return restoreConfirm(request, desk, tools);
  }
}
