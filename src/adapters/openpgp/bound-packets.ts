/**
 * A limit that openpgp.js lacks: on how many packets one list has. Two bytes are a packet, each costs the library some 30 µs
 * and an object, and twenty kilobytes of compressed nothing become thirty million of them: minutes in which the child opens
 * no other mail. It has one door for lists of packets, whether decrypted, decompressed or read from a file; this stands in it.
 */
import { PacketList } from 'openpgp';
import { openpgpError } from './openpgp-error.ts';
import { readPackets } from './packets.ts';

/** 200 keys with 50 packets each in one file; a message has a handful. */
export const maximumListedPackets = 10_000;

let bounded = false;

/** Idempotent; call before the library reads anything of strangers. Nothing but that one check is added. */
export function boundPackets(): void {
  if (bounded) return;
  bounded = true;
  const { fromBinary } = PacketList;
  PacketList.fromBinary = async (...given) => {
    const [bytes] = given;
    const read = bytes instanceof Uint8Array ? readPackets(bytes, maximumListedPackets) : undefined;
    if (read && !read.complete) {
      if (read.packets.length >= maximumListedPackets)
        throw openpgpError('too-many-packets', 'It has more packets than any real message or key.');
      // Or in more pieces than any program writes: nothing for a reader that is slower than ours.
      throw openpgpError('damaged', 'It ends within a packet.');
    }
    return fromBinary.apply(PacketList, given);
  };
}
