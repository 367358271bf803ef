/**
 * Everything our door says besides greetings. A text tells a stranger nothing but what to do (I9): the same words
 * whether a case exists or not, and for every fault of ours. Enhanced codes as in RFC 3463.
 */
export type Reply = Readonly<{ code: number; text: string }>;

export const replies = {
  busy: { code: 421, text: '4.3.2 Too many connections; please try again in a few minutes' },
  busyNetwork: { code: 421, text: '4.7.0 Too many connections from your network; please try again later' },
  tooFast: { code: 451, text: '4.7.1 Too much mail from your network at once; please try again later' },
  tooManyErrors: { code: 421, text: '4.7.0 Too many errors; please try again later' },
  sessionTooLong: { code: 421, text: '4.4.2 This session has lasted too long; please connect again' },
  stopping: { code: 421, text: '4.3.2 We are restarting; please try again in a minute' },
  badSender: { code: 553, text: '5.1.7 This sender address cannot be read' },
  badRecipient: { code: 501, text: '5.1.3 This is not a mail address' },
  unknownRecipient: { code: 550, text: '5.1.1 No such address here' },
  noRelay: { code: 550, text: '5.7.1 We take mail for our own lists only' },
  notNow: { code: 451, text: '4.3.0 We cannot take mail at this moment; please try again later' },
  full: { code: 452, text: '4.3.1 We have no room at this moment; please try again later' },
  tooLarge: {
    code: 552,
    text: '5.3.4 This mail is larger than we take; please send less, or in several mails',
  },
  bareLineEnd: { code: 554, text: '5.6.0 Lines must end in CRLF; a CR or LF stood alone' },
  nul: { code: 554, text: '5.6.0 The mail contains a NUL byte' },
} as const satisfies Record<string, Reply>;

export function accepted(queueId: string): Reply {
  return { code: 250, text: `2.6.0 Accepted as ${queueId}` };
}
