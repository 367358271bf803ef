import { currentCertificates, newestCertificates, type Representative } from '../membership/roster.ts';
import type { Instant } from '../time/instant.ts';
import type { ReaderChange } from './plan.ts';

/** For `sender`: with what still waits (A6), as no row is wrapped to it before its time. */
export function readerChange(person: Representative, now: Instant): ReaderChange {
  const { id, address, standing } = person;
  const certificates = [...new Set([...currentCertificates(person, now), ...newestCertificates(person)])];
  return { id, address, standing, certificates };
}
