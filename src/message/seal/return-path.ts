import { tokenAddress } from '../../mail/list-address.ts';
import type { Desk } from '../desk.ts';
import type { OutboxRow } from '../ports.ts';

/** The secret return path of one row: a bounce that comes to it is authentic (R8). */
export function returnPathOf(rowId: string, list: string, desk: Desk): OutboxRow['returnPath'] {
  return tokenAddress(list, 'bounce', desk.token('bounce', rowId), desk.domain);
}
