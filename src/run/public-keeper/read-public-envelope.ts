import { z } from 'zod';
import { parseAddress } from '../../mail/address.ts';
import type { ArrivedEnvelope } from '../../publication/moderation/arrived-mail.ts';

const envelopeOfIntake = z.object({
  mailFrom: z.string(),
  recipients: z.array(z.string()),
  authentication: z.object({ aligned: z.boolean() }),
});

/** From a row that somebody else put there: sent to nobody, vouched for by nobody, so it is held. */
const unreadable: ArrivedEnvelope = { mailFrom: '', recipients: [], aligned: false };

/** As intake wrote it. */
export function readPublicEnvelope(text: string): ArrivedEnvelope {
  try {
    const { mailFrom, recipients, authentication } = envelopeOfIntake.parse(JSON.parse(text));
    return {
      mailFrom,
      recipients: recipients.map(parseAddress).filter((address) => address !== undefined),
      aligned: authentication.aligned,
    };
  } catch {
    return unreadable;
  }
}
