import { formatInstant, minute, second } from '../../time/instant.ts';
import { type Concern, silentAfter } from './concerns.ts';

/** What it is, and what to do about it: for `/health`, and for the mail to who runs the server. */
export type Worded = Readonly<{ what: string; advice: string }>;

export function wordConcern(concern: Concern): Worded {
  switch (concern.kind) {
    case 'process-silent':
      return {
        what: `${concern.process}${concern.instance === undefined ? '' : ` (${concern.instance})`} has not been heard of for ${silentAfter / minute} minutes or longer.`,
        advice: 'Look at its log; `embargod doctor` checks what it needs. It takes up its work where it was.',
      };
    case 'relay-unreachable':
      return {
        what: `The relay cannot be reached (${concern.reason}); mail waits in the outbox.`,
        advice: 'Mend it; waiting mail then leaves by itself, or at once after `embargod outbox flush`.',
      };
    case 'frozen':
      return {
        what: 'The database was restored and is frozen: mail is taken in, nothing is read, sent or done.',
        advice:
          'Look at `embargod restore show`, then give `embargod restore confirm` for each of its parts.',
      };
    case 'relay-missing':
      return {
        what: 'No relay is set; mail waits in the outbox.',
        advice: 'Set relay.address in embargod.toml and reload.',
      };
    case 'database-unreachable':
      return {
        what: 'The databases cannot be asked.',
        advice: 'Look at PostgreSQL and its log. Until it answers, mail is refused for now and comes again.',
      };
    case 'disk-nearly-full':
      return {
        what: `The disk of the data directory has ${Math.floor(concern.free * 100)} % free.`,
        advice: 'Make room before it is full: then no mail is accepted.',
      };
    case 'clock-differs':
      return {
        what: `The clock of ${concern.process} on ${concern.instance} is ${Math.abs(Math.round(concern.by / second))} s ${concern.by > 0 ? 'ahead of' : 'behind'} the database's.`,
        advice: 'Set both by NTP; deadlines and signatures are judged by them.',
      };
    case 'certificate-ends':
      return {
        what: `The TLS certificate of the SMTP door ends at ${formatInstant(concern.at)}.`,
        advice: 'Renew it, then reload the server; peers that check it will not deliver after that.',
      };
  }
}
