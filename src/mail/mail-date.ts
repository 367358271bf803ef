import { type Instant, instantFromMilliseconds, minute } from '../time/instant.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** RFC 5322 §4.3, in minutes; other letters mean -0000. */
const zones: Readonly<Record<string, number>> = {
  ut: 0,
  gmt: 0,
  utc: 0,
  z: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
};

/** A Date field (RFC 5322 §3.3, obsolete forms §4.3) as an instant; undefined when it names none. */
export function readMailDate(value: string): Instant | undefined {
  const text = value.slice(0, 200).replace(/\([^()]*\)/g, ' ');
  const match =
    /^\s*(?:[a-z]+\.?\s*,?\s*)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s-]+(\d{2,4})\s+(\d{1,2})\s*:\s*(\d{2})(?:\s*:\s*(\d{2}))?(?:\.\d+)?\s*([+-]\d{4}|[a-z]+)?/i.exec(
      text,
    );
  if (!match) return undefined;
  const month = months.indexOf((match[2] ?? '').toLowerCase());
  const day = Number(match[1]);
  if (month < 0 || day < 1 || day > 31) return undefined;
  const [hours, minutes, seconds] = [Number(match[4]), Number(match[5]), Number(match[6] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 60) return undefined;
  const local = Date.UTC(fullYear(match[3] ?? ''), month, day, hours, minutes, seconds);
  return instantFromMilliseconds(local - zoneMinutes(match[7]) * minute);
}

/** RFC 5322 §4.3: two digits below 50 are of this century, others and three digits count from 1900. */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length >= 4) return year;
  return digits.length === 2 && year < 50 ? 2000 + year : 1900 + year;
}

function zoneMinutes(zone: string | undefined): number {
  if (!zone) return 0;
  const match = /^([+-])(\d{2})(\d{2})$/.exec(zone);
  if (!match) return zones[zone.toLowerCase()] ?? 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}
