/** A file that is not restored: nothing was changed because of it. */
export function backupFault(message: string): Error & Readonly<{ code: 'backup-refused' }> {
  return Object.assign(new Error(message), { code: 'backup-refused' as const });
}

export function damaged(how: string): ReturnType<typeof backupFault> {
  return backupFault(`The backup is damaged: ${how}. Nothing was changed; take another copy of it.`);
}
