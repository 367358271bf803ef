/**
 * CPU per operation of sealing (DESIGN §8). Run by hand: node test/bench/openpgp.bench.ts
 * Quote ratios: figures move with what else the machine does.
 */

import { examineCertificates } from '../../src/adapters/openpgp/examine-certificates.ts';
import { generateKey } from '../../src/adapters/openpgp/private/generate-key.ts';
import { openAtRest } from '../../src/adapters/openpgp/private/open-at-rest.ts';
import { signDetached } from '../../src/adapters/openpgp/private/sign-detached.ts';
import { createDoorSealer } from '../../src/adapters/openpgp/seal-at-door.ts';
import { createSealing } from '../../src/adapters/openpgp/seal-body.ts';
import { instantFromMilliseconds } from '../../src/time/instant.ts';

const now = instantFromMilliseconds(Math.floor(Date.now() / 1000) * 1000);

async function measure(name: string, times: number, work: () => unknown): Promise<void> {
  await work();
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) await work();
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(`${name.padEnd(40)} ${((user + system) / 1000 / times).toFixed(3)} ms\n`);
}

const list = await generateKey({ name: 'list' }, now);
const readers = await Promise.all(
  Array.from(
    { length: 100 },
    async (_, i) => (await generateKey({ name: `reader ${i}` }, now)).key.certificate,
  ),
);
const sealing = createSealing((_, content, at) => signDetached(list.key, content, at), examineCertificates);
for (const size of [4 * 1024, 1024 * 1024, 10 * 1024 * 1024]) {
  const content = new Uint8Array(size).fill(0x78);
  const times = size > 100_000 ? 4 : 100;
  await measure(`seal ${size} bytes`, times, () =>
    sealing.seal(content, { list: 'list', fingerprint: undefined }, now),
  );
  const body = await sealing.seal(content, { list: 'list', fingerprint: undefined }, now);
  await measure(`wrap for 100 readers, ${size} bytes`, 10, async () => {
    for (const reader of readers) await sealing.wrap(body, [reader], now);
  });
}
const sealAtDoor = createDoorSealer();
const mail = new Uint8Array(4 * 1024).fill(0x78);
const { bytes } = list.key.certificate;
await measure('seal 4 KB at the door', 1_000, () => sealAtDoor(mail, bytes, now));
const sealed = await sealAtDoor(mail, bytes, now);
await measure('open 4 KB at rest', 1_000, () => openAtRest(sealed, list.key));
