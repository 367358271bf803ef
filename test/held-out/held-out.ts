// The held-out mails in the order in which a run processes them.

import type { HeldOutMail } from './held-out-mail.ts';
import { byHand } from './mails/by-hand.ts';
import { caseTraffic } from './mails/case-traffic.ts';
import { charsetsAndNames } from './mails/charsets-and-names.ts';
import { machines } from './mails/machines.ts';
import { nothingToOpen } from './mails/nothing-to-open.ts';
import { phonesAndWeb } from './mails/phones-and-web.ts';
import { shapes } from './mails/shapes.ts';
import { signatures } from './mails/signatures.ts';
import { thunderbirdAndKin } from './mails/thunderbird-and-kin.ts';

export { makeCast } from './keys.ts';

export const heldOut: readonly HeldOutMail[] = [
  ...thunderbirdAndKin,
  ...phonesAndWeb,
  ...byHand,
  ...signatures,
  ...caseTraffic,
  ...machines,
  ...nothingToOpen,
  ...charsetsAndNames,
  ...shapes,
].map((mail) => ({
  ...mail,
  build: async (cast, earlier) => {
    const built = await mail.build(cast, earlier);
    cast.built.set(mail.name, built);
    return built;
  },
}));
