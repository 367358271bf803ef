import { once } from 'node:events';
import { connect } from 'node:net';
import type { Configuration } from '../../config/configuration.ts';
import { formatHostPort, type HostPort } from '../../config/quantities.ts';
import { tryListening } from '../../try-listening.ts';
import type { ServerProcessName } from '../deed.ts';
import { type Finding, fail, ok, warn } from './check.ts';

const patience = 5_000;

export async function checkNetwork(
  configuration: Configuration,
  here: ReadonlySet<ServerProcessName>,
): Promise<readonly Finding[]> {
  const { smtp, lmtp, publicSite, relay, monitoring } = configuration;
  const places = [
    ...smtp.listen.map((place) => ({ name: 'SMTP', place, of: 'intake' }) as const),
    ...lmtp.listen.map((place) => ({ name: 'LMTP', place, of: 'intake' }) as const),
    ...publicSite.listen.map((place) => ({ name: 'public site', place, of: 'public-site' }) as const),
    ...monitoring.listen.map((place) => ({ name: 'monitoring', place, of: 'sender' }) as const),
  ];
  const listening = await Promise.all(
    places.map(({ name, place, of }) => checkPort(name, place, here.has(of))),
  );
  const none =
    smtp.listen.length + lmtp.listen.length > 0
      ? []
      : [
          fail(
            'mail in',
            'neither smtp.listen nor lmtp.listen is set',
            'set one in embargod.toml: no report can come in',
          ),
        ];
  const tls =
    smtp.tls || smtp.listen.every(({ host }) => host === '127.0.0.1' || host === '::1')
      ? []
      : [warn('STARTTLS', 'no certificate is set', 'set smtp.tls_certificate and smtp.tls_key')];
  const alarms =
    configuration.demo || monitoring.alarmsTo !== undefined
      ? []
      : [warn('alarms', 'go to the log and /health only', 'set monitoring.alarms_to to your address')];
  return [...none, ...listening, ...tls, await checkRelay(relay), ...alarms];
}

async function checkPort(name: string, place: HostPort, running: boolean): Promise<Finding> {
  const where = `${name} ${formatHostPort(place)}`;
  if (running) {
    return (await reaches(place))
      ? ok('port', `${where} is listening`)
      : fail('port', `${where} does not answer`, 'look at the log of the server');
  }
  const code = await tryListening(place);
  if (code === undefined) return ok('port', `${where} is free`);
  if (code === 'EACCES') return warn('port', `${where} needs root`, 'run doctor as root to check it');
  return fail('port', `${where} cannot be had (${code})`, 'stop what listens there, or choose another port');
}

async function reaches({ host, port }: HostPort): Promise<boolean> {
  const target = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const socket = connect({ host: target, port, signal: AbortSignal.timeout(patience) });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function checkRelay(relay: Configuration['relay']): Promise<Finding> {
  if (relay === undefined) {
    return fail('relay', 'none is set, so mail waits in the outbox', 'set relay.address to your mail server');
  }
  const where = formatHostPort(relay);
  return (await reaches(relay))
    ? ok('relay', `${where} is reachable`)
    : fail('relay', `${where} cannot be reached`, 'check its address, and that its firewall lets us in');
}
