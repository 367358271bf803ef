/**
 * Hands mail to the relay over connections that are kept for the next mail. One transaction per recipient; the bytes
 * go out as they were given (M8). Every fault is an outcome: `send` does not throw.
 */
import type { WireMail, WireResult } from '../../message/deliver/deliver.ts';
import { second } from '../../time/instant.ts';
import { openRelayConnection, type RelayConnection } from './relay-connection.ts';
import { defaultRelayTimeouts, type RelaySettings } from './relay-settings.ts';
import { relayTransaction } from './relay-transaction.ts';

export type SmtpDelivery = Readonly<{
  send: (mail: WireMail) => Promise<WireResult>;
  /** Whether the relay greets us, encrypts and lets us in, as for a mail; nothing is sent. */
  probe: () => Promise<WireResult>;
  /** Another relay, login or TLS from the next connection on (SIGHUP). */
  reload: (settings: RelaySettings) => void;
  /** Says goodbye on idle connections; those in use end with their mail. */
  close: () => void;
}>;

/** Servers count mails per connection and hang up in the middle of the next: we begin anew before. */
const mailsPerConnection = 100;

/** A probe asks whether it works now, not whether it might in five minutes. */
const probeTimeouts = {
  ...defaultRelayTimeouts,
  connect: 10 * second,
  greeting: 30 * second,
  command: 30 * second,
};

type Pooled = { readonly connection: RelayConnection; mails: number; idle: NodeJS.Timeout | undefined };

export function createSmtpDelivery(initial: RelaySettings): SmtpDelivery {
  let settings = initial;
  let pool: Pooled[] = [];
  let closed = false;

  const takeIdle = (): Pooled | undefined => {
    for (let pooled = pool.pop(); pooled; pooled = pool.pop()) {
      clearTimeout(pooled.idle);
      if (pooled.connection.wire.usable && !pooled.connection.wire.ahead) return pooled;
      pooled.connection.wire.close();
    }
    return undefined;
  };
  const keep = (pooled: Pooled) => {
    pooled.mails += 1;
    if (!pooled.connection.wire.usable) return;
    if (closed || pooled.mails >= mailsPerConnection) return farewell(pooled.connection);
    const after = settings.timeouts?.idle ?? defaultRelayTimeouts.idle;
    pooled.idle = setTimeout(() => {
      pool = pool.filter((other) => other !== pooled);
      farewell(pooled.connection);
    }, after);
    pooled.idle.unref();
    pool.push(pooled);
  };
  const sendFresh = async (mail: WireMail): Promise<WireResult> => {
    const opened = await openRelayConnection(settings);
    if (opened.kind !== 'open') return opened;
    const { began: _began, ...result } = await relayTransaction(opened.connection, mail);
    keep({ connection: opened.connection, mails: 0, idle: undefined });
    return result;
  };
  const forgetIdle = () => {
    for (const pooled of pool.splice(0)) {
      clearTimeout(pooled.idle);
      farewell(pooled.connection);
    }
  };

  return {
    async send(mail) {
      const pooled = takeIdle();
      if (!pooled) return sendFresh(mail);
      const { began, ...result } = await relayTransaction(pooled.connection, mail);
      keep(pooled);
      // The server closed while nobody looked; nothing of this mail had left yet.
      return result.kind === 'connection-fault' && !began ? sendFresh(mail) : result;
    },
    async probe() {
      const opened = await openRelayConnection({ ...settings, timeouts: probeTimeouts });
      if (opened.kind !== 'open') return opened;
      farewell(opened.connection);
      return { kind: 'accepted', code: 220, reason: 'greeted' };
    },
    reload(next) {
      settings = next;
      forgetIdle();
    },
    close() {
      closed = true;
      forgetIdle();
    },
  };
}

/** How long a server may take to answer QUIT before the connection is cut. */
const farewellWithin = 2_000;

function farewell({ wire }: RelayConnection): void {
  wire
    .write([Buffer.from('QUIT\r\n')], farewellWithin)
    .then(() => wire.reply(farewellWithin))
    .catch(() => undefined)
    .finally(() => wire.close());
}
