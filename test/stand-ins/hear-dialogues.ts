/** Speaks dialogues with one list and writes down, word for word, what a stranger hears. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Dialogue } from './dialogues.ts';
import { dial, type SmtpClient, sendMail } from './smtp-client.ts';

export type Ports = Readonly<{ smtp: number; web: number }>;

/**
 * In order, so that both lists take the same mails in the same order; connections are made ahead, as a greeting takes
 * its time.
 */
export async function hearDialogues(
  dialogues: readonly Dialogue[],
  ports: Ports,
  from: number,
): Promise<readonly string[]> {
  const clients = dialogues.map((one, index) =>
    one.kind === 'web' ? undefined : dial(ports.smtp, '127.0.0.1', addressOf(from + index)),
  );
  const heard: string[] = [];
  for (const [index, dialogue] of dialogues.entries()) {
    const client = await clients[index];
    heard.push(client ? await speak(dialogue, client) : await ask(dialogue, ports.web));
  }
  return heard;
}

async function speak(dialogue: Dialogue, client: SmtpClient): Promise<string> {
  try {
    if (dialogue.kind === 'lines') for (const line of dialogue.lines) await sayOrStop(client, line);
    if (dialogue.kind === 'mail') {
      const { helo, mailFrom, to, raw, end } = dialogue;
      await client.say(helo);
      await sendMail(client, {
        from: mailFrom,
        to,
        raw: `${raw.replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..')}\r\n`,
      });
      await client.say(end);
    }
    // A fresh random name for each mail.
    return client.transcript().replace(/Accepted as [\da-f-]{36}/g, 'Accepted as ID');
  } finally {
    client.close();
  }
}

/** DATA in the midst of asking around is answered with 354: an empty mail ends it. */
async function sayOrStop(client: SmtpClient, line: string): Promise<void> {
  const reply = await client.say(line);
  if (!reply.startsWith('354')) return;
  client.send('\r\n.\r\n');
  await client.hear();
}

async function ask(dialogue: Dialogue, port: number): Promise<string> {
  if (dialogue.kind !== 'web') return '';
  const { method, path, headers } = dialogue;
  const asking = request({
    host: '127.0.0.1',
    port,
    method,
    path,
    headers: { ...headers, host: 'lists.example.org' },
  });
  asking.end();
  const [answer]: [IncomingMessage] = (await once(asking, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  const head = answer.rawHeaders.join('\n').replace(/^date\n.*$/im, 'date\n–');
  return `${method} ${path}\n${answer.statusCode}\n${head}\n\n${Buffer.concat(chunks).toString('latin1')}`;
}

/** A peer of their own for each, so that no limit on one is met: 127.1.0.0 and up. */
function addressOf(index: number): string {
  return `127.1.${Math.floor(index / 250)}.${(index % 250) + 1}`;
}
