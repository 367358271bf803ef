import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createTransport } from 'nodemailer';
import { readClock } from '../../adapters/clock/clock.ts';
import { listAddress } from '../../mail/list-address.ts';
import type { Answer } from '../../message/requests/request.ts';
import { day, formatInstant, later } from '../../time/instant.ts';
import type { DemoReportOptions } from '../commands/deed.ts';
import type { Configuration } from '../config/configuration.ts';
import { loadConfiguration } from '../config/load-configuration.ts';
import { formatHostPort, type HostPort } from '../config/quantities.ts';
import { ConfigurationError } from '../config/read-configuration.ts';
import { runningServer } from '../server-state.ts';
import { demoLists, demoReporter } from './community.ts';
import { demoDirectory } from './demo-directory.ts';
import { demoGuide } from './demo-guide.ts';
import { listKeyFile } from './found-community.ts';
import { openDemoKeyring } from './keyring.ts';
import { clearReport, encryptReport } from './report-mail.ts';

/** Real gpg, real SMTP: the demo's reporter writes to a list. */
export async function demoReport(data: string | undefined, options: DemoReportOptions): Promise<Answer> {
  const configuration = await runningDemo(data);
  if (!demoLists.some(({ name }) => name === options.to)) {
    return {
      kind: 'refused',
      reason: `The demo has no list ${options.to}; it has ${demoLists.map(({ name }) => name).join(', ')}.`,
    };
  }
  const to = listAddress(options.to, configuration.domain);
  const now = readClock();
  const proposed = `${formatInstant(later(now, 6 * day)).slice(0, 10)}T16:00Z`;
  const text = options.text ?? defaultText(proposed);
  const date = new Date(now).toUTCString().replace('GMT', '+0000');
  const report = { from: demoReporter, to, subject: options.subject, text, date };
  if (options.clear || !existsSync(listKeyFile(configuration, options.to))) {
    return send(configuration, demoReporter.address, [to], clearReport(report));
  }
  // Its agent stays: the sink uses the same keyring, and ends it when the demo stops.
  const keyring = await openDemoKeyring(join(configuration.directory.demo, 'gnupg'));
  return send(configuration, demoReporter.address, [to], await encryptReport(keyring.gpg, report));
}

export async function demoSend(
  data: string | undefined,
  from: string,
  to: readonly string[],
): Promise<Answer> {
  const configuration = await runningDemo(data);
  if (to.length === 0)
    return { kind: 'refused', reason: 'Say to whom: --to linux-distros@lists.example.org' };
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString('latin1').replaceAll(/\r?\n/g, '\r\n');
  return send(configuration, from, to, Buffer.from(text, 'latin1'));
}

export async function demoWhere(data: string | undefined): Promise<Answer> {
  const configuration = await loadConfiguration(demoRoot(data));
  const running = await runningServer(configuration);
  const { directory, smtp, publicSite, sink } = configuration;
  const places = (list: readonly HostPort[]) => list.map(formatHostPort);
  return {
    kind: 'done',
    text: [
      ...(await demoGuide(configuration)).slice(2),
      running === undefined ? 'It does not run; `npm start` starts it.' : `It runs as process ${running}.`,
    ],
    data: {
      directory: directory.root,
      running: running ?? null,
      smtp: places(smtp.listen),
      publicSite: places(publicSite.listen),
      mailboxes: sink ? formatHostPort(sink.pages) : null,
    },
  };
}

function demoRoot(data: string | undefined): string {
  return resolve(data ?? (process.env.EMBARGOD_DATA || demoDirectory()));
}

async function runningDemo(data: string | undefined): Promise<Configuration> {
  const configuration = await loadConfiguration(demoRoot(data));
  if (!configuration.demo) {
    throw new ConfigurationError(
      `${configuration.directory.root} is no demo; demo commands touch nothing else.`,
    );
  }
  if ((await runningServer(configuration)) !== undefined) return configuration;
  throw new ConfigurationError('The demo does not run; start it in another terminal with `npm start`.');
}

async function send(
  configuration: Configuration,
  from: string,
  to: readonly string[],
  raw: Buffer,
): Promise<Answer> {
  const [smtp] = configuration.smtp.listen;
  if (!smtp) throw new ConfigurationError('This demo takes no mail: smtp.listen is empty.');
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    ignoreTLS: true,
    name: 'researcher.example',
  });
  try {
    const sent = await transport.sendMail({ envelope: { from, to: [...to] }, raw });
    const pages = configuration.sink ? `http://${formatHostPort(configuration.sink.pages)}/` : '';
    return {
      kind: 'done',
      text: [
        `${raw.length} bytes sent to ${to.join(', ')} over SMTP; the server said: ${sent.response}`,
        `Look at the mailboxes: ${pages}`,
      ],
      data: { bytes: raw.length, to: [...to], response: sent.response, mailboxes: pages },
    };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { kind: 'refused', reason: `The mail was not taken: ${said}` };
  } finally {
    transport.close();
  }
}

function defaultText(proposed: string): string {
  return [
    'Hello,',
    '',
    'libfoo 2.3 and older write past the end of a heap buffer when a header is',
    'folded twice and the second fold is empty. A crafted file is enough.',
    '',
    `I propose to publish on ${proposed}. Nobody else knows of it yet.`,
    '',
    demoReporter.name,
  ].join('\n');
}
