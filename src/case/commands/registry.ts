import { clearOk } from './clear-ok.ts';
import type { CommandEntry } from './command-entry.ts';

/** Every command that a mail may carry, in the order in which help lists them (I8: one registry). */
export const registry = [clearOk] as const satisfies readonly CommandEntry[];

type Entry = (typeof registry)[number];

/** What a mail asks for, read. */
export type MailCommand = Extract<ReturnType<Entry['read']>, { kind: 'read' }>['command'];
