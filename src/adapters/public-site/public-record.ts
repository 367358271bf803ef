import type { ArchiveReader } from '../../publication/archive/archive-port.ts';

/** What the public pages read: the public database's side that is meant for everybody. */
export type PublicList = Readonly<{
  name: string;
  address: string;
  kind: 'private' | 'public';
  title: string;
  /** Armoured certificate of a private list's mail key; undefined for a public list. */
  certificate: string | undefined;
  /** Of that certificate, upper-case hexadecimal. */
  fingerprint: string | undefined;
}>;

export type PublicRecord = Readonly<{ lists: () => Promise<readonly PublicList[]>; archive: ArchiveReader }>;
