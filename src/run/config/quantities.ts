import { z } from 'zod';
import { type Duration, day, hour, minute, second } from '../../time/instant.ts';

/** Where a process listens or connects: a host name or literal address without brackets, and a port. */
export type HostPort = Readonly<{ host: string; port: number }>;

/** `HOST:PORT`, IPv6 in brackets (RFC 3986 §3.2.2). Undefined when it is neither. */
export function readHostPort(text: string): HostPort | undefined {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  const port = Number(parts?.[3]);
  return host !== undefined && port <= 65_535 ? { host, port } : undefined;
}

export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

const durationUnits: Readonly<Record<string, Duration>> = { s: second, m: minute, h: hour, d: day };

/** `90s`, `5m`, `2h`, `5d`; undefined for anything else. */
export function readDuration(text: string): Duration | undefined {
  const parts = /^(\d{1,6})([smhd])$/.exec(text);
  const unit = durationUnits[parts?.[2] ?? ''];
  return unit === undefined ? undefined : Number(parts?.[1]) * unit;
}

const sizeUnits: Readonly<Record<string, number>> = { KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 };

/** `512KiB`, `30MiB` in bytes; undefined for anything else. */
export function readSize(text: string): number | undefined {
  const parts = /^(\d{1,6})(KiB|MiB|GiB)$/.exec(text);
  const unit = sizeUnits[parts?.[2] ?? ''];
  return unit === undefined ? undefined : Number(parts?.[1]) * unit;
}

/** A name in DNS, at least two labels. */
export const domainPattern = /^(?=.{4,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

/** A text in the file that stands for another value. */
function reading<T>(read: (text: string) => T | undefined) {
  return z.string().transform((text, context) => {
    const value = read(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: 'unreadable' });
    return z.NEVER;
  });
}

export const hostPort = reading(readHostPort);
export const duration = reading(readDuration);
export const size = reading(readSize);
