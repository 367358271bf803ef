import { dial, type SmtpClient } from '../../stand-ins/smtp-client.ts';

/** Mails go in over one connection that stays, as from a mail server in front. */
export async function openSubmission(port: number): Promise<SmtpClient> {
  const client = await dial(port);
  await client.say('EHLO researcher.example');
  return client;
}

/** Hands one mail over; gives the time of its `250`, in milliseconds since 1970. */
export async function submit(
  client: SmtpClient,
  mail: Readonly<{ from: string; to: string; raw: Uint8Array }>,
) {
  for (const line of [`MAIL FROM:<${mail.from}>`, `RCPT TO:<${mail.to}>`, 'DATA']) {
    const reply = await client.say(line);
    if (!/^[23]/.test(reply)) throw new Error(`${line} was answered: ${reply}`);
  }
  client.send(mail.raw);
  client.send('.\r\n');
  const reply = await client.hear();
  if (!reply.startsWith('250')) throw new Error(`The mail was answered: ${reply}`);
  return performance.timeOrigin + performance.now();
}
