/** What one check found. `advice`: what to do, when it is not ok. */
export type Finding = Readonly<{
  check: string;
  state: 'ok' | 'warn' | 'fail';
  says: string;
  advice?: string;
}>;

export function ok(check: string, says: string): Finding {
  return { check, state: 'ok', says };
}

export function warn(check: string, says: string, advice: string): Finding {
  return { check, state: 'warn', says, advice };
}

export function fail(check: string, says: string, advice: string): Finding {
  return { check, state: 'fail', says, advice };
}
