/** A door with recipients of its own, which remembers what was delivered; closed after the tests of the file. */
import { after } from 'node:test';
import { type Door, openDoor } from '../../src/adapters/smtp/door.ts';
import type { Delivered, DoorParameters } from '../../src/adapters/smtp/door-parameters.ts';
import { accepted, replies } from '../../src/adapters/smtp/door-replies.ts';
import { parseAddress } from '../../src/mail/address.ts';
import { type Instant, instantFromMilliseconds, later } from '../../src/time/instant.ts';

const opened: Door[] = [];
after(() => Promise.all(opened.map((door) => door.stop())));

export async function openTestDoor(overrides: Partial<DoorParameters> = {}) {
  const delivered: Delivered[] = [];
  let now: Instant = instantFromMilliseconds(1_795_000_000_000);
  const door = await openDoor({
    protocol: 'smtp',
    host: '127.0.0.1',
    port: 0,
    hostName: 'mail.lists.example',
    clock: () => now,
    recipient: async (text) => {
      const address = parseAddress(text);
      if (!address) return { kind: 'refused', reply: replies.badRecipient };
      if (!text.endsWith('@lists.example')) return { kind: 'refused', reply: replies.noRelay };
      if (text.startsWith('nobody')) return { kind: 'refused', reply: replies.unknownRecipient };
      return { kind: 'accepted', address };
    },
    accept: async (mail) => {
      delivered.push(mail);
      return accepted('q1');
    },
    log: () => undefined,
    ...overrides,
  });
  const result = {
    door,
    delivered,
    port: door.address.port,
    pass: (milliseconds: number) => {
      now = later(now, milliseconds);
    },
  };
  opened.push(door);
  return result;
}

/** What a delivered mail says, a character for each byte. */
export const text = (mail: Delivered | undefined) => Buffer.from(mail?.raw ?? []).toString('latin1');
