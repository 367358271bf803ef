import { z } from 'zod';
import { key } from './key-note.ts';
import { size } from './quantities.ts';

export const whole = (least: number, most: number) => z.int().min(least).max(most);

/** `[intake]` and `[limits]`: who takes mail in, and how much of it. */
export const intake = z.strictObject({
  processes: key(whole(1, 16).optional(), {
    about:
      'How many processes take mail in side by side on the same ports, each on a core of its own; some 50 MB of memory each. Else two, or one on a machine with one core.',
    expects: 'a whole number from 1 to 16',
    example: '4',
  }),
});

export const limits = z.strictObject({
  message_size: key(size.default(31_457_280), {
    about: 'Largest mail that is taken; larger ones hear 552.',
    expects: 'a number with KiB, MiB or GiB',
    example: '"30MiB"',
    reload: true,
  }),
  recipients: key(whole(1, 1_000).default(100), {
    about: 'Most recipients of one mail.',
    expects: 'a whole number from 1 to 1000',
    example: '50',
    reload: true,
  }),
  connections: key(whole(1, 10_000).default(200), {
    about: 'Most SMTP connections at one time; the next one hears 421.',
    expects: 'a whole number from 1 to 10000',
    example: '200',
    reload: true,
  }),
  connections_per_address: key(whole(1, 10_000).default(20), {
    about: 'Most connections at one time from one IPv4 address or IPv6 /64.',
    expects: 'a whole number from 1 to 10000',
    example: '20',
    reload: true,
  }),
  messages_per_minute: key(whole(1, 100_000).default(60), {
    about: 'Most mails a minute from one IPv4 address or IPv6 /64; further ones hear 451 and come again.',
    expects: 'a whole number from 1 to 100000',
    example: '60',
    reload: true,
  }),
});
