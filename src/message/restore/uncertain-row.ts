/** A row that a restored backup shows on its way: it may have left since (T6). */
export type UncertainRow = Readonly<{
  id: string;
  list: string;
  caseNumber: string | undefined;
  /** For people to read. */
  recipient: string;
}>;
