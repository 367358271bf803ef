/**
 * CPU of handing one copy to a relay over loopback, at 4 KB and 1 MB, checks of P5 included. The sink runs in a child
 * process, so that only the sender's work is counted. Run: `node test/bench/delivery.bench.ts`
 */
import { spawn } from 'node:child_process';
import { createSmtpDelivery } from '../../src/adapters/smtp/smtp-delivery.ts';
import { createDeliver } from '../../src/message/deliver/deliver.ts';
import { instantFromMilliseconds } from '../../src/time/instant.ts';
import { keyholderWord, sha256 } from '../stand-ins/keyholder-word.ts';
import { copiesFor, sealedBody } from '../stand-ins/sealed-copy.ts';

const sinkProgram = `
  const { startMailSink } = await import(process.argv[1]);
  const sink = await startMailSink({ discard: true });
  console.log(sink.port);`;
const stand = new URL('../stand-ins/mail-sink.ts', import.meta.url).href;
const child = spawn(process.execPath, ['--input-type=module', '-e', sinkProgram, stand], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const port = await new Promise<number>((resolve) => {
  child.stdout.once('data', (text: Buffer) => resolve(Number(text.toString())));
});
const now = instantFromMilliseconds(1_795_000_000_000);
const word = keyholderWord();
for (const [name, bytes, count] of [
  ['4 KB', 4_096, 2_000],
  ['1 MB', 1_048_576, 300],
] as const) {
  const outbox = copiesFor(
    word,
    sealedBody(bytes, now),
    Array.from({ length: count }, (_, index) => `reader${index}@member.example`),
    now,
  );
  const readers = new Map(outbox.readers.map((reader) => [reader.id, reader]));
  const delivery = createSmtpDelivery({ host: '127.0.0.1', port, hostName: 'bench.example', tls: 'none' });
  const deliver = createDeliver({
    store: {
      bodyParts: async (_id, alignment) => outbox.parts(alignment),
      permit: async () => outbox.permit,
      reader: async (id) => readers.get(id),
    },
    send: delivery.send,
    tools: { verify: word.verify, sha256 },
    openSealed: (sealed) => sealed,
    domain: 'lists.example',
    retry: { first: 1, longest: 1, giveUpAfter: 1 },
    clock: () => now,
    chance: () => 0.5,
  });
  const before = process.cpuUsage();
  const queue = [...outbox.rows];
  let sent = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let row = queue.pop(); row; row = queue.pop()) if ((await deliver(row)).kind === 'sent') sent += 1;
    }),
  );
  const { user, system } = process.cpuUsage(before);
  const each = (user + system) / 1000 / count;
  process.stdout.write(`${name}: ${sent} of ${count} sent, ${each.toFixed(3)} ms CPU a copy\n`);
  delivery.close();
}
child.kill();
