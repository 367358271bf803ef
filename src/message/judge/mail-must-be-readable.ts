import type { Unopenable } from '../open/opened.ts';
import { type Finding, waitsForAnAdministrator } from './rule.ts';

const reasons: Readonly<Record<Unopenable['reason'], string>> = {
  'not-for-us': 'It is encrypted to keys that are none of our lists’.',
  damaged: 'Its encryption or structure is damaged.',
  'too-large': 'Opened, it is larger than we take.',
  'too-many-parts': 'It has more parts than we take.',
  'unreadable-structure': 'Its structure cannot be read.',
  'child-failed': 'The process that reads hostile bytes died over it, or ran out of time.',
};

/** The rule before all others: what cannot be opened is nobody's report yet, and nobody's rubbish either (T8). */
export function mailMustBeReadable(opened: Unopenable): Finding {
  return {
    kind: 'hold',
    rule: 'mail-must-be-readable',
    inside: reasons[opened.reason],
    outside: waitsForAnAdministrator,
  };
}
