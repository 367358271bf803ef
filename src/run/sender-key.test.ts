import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readClock } from '../adapters/clock/clock.ts';
import { generateKey } from '../adapters/openpgp/private/generate-key.ts';
import { createSenderSealer } from '../adapters/openpgp/seal-to-sender.ts';
import type { SealedToSender } from '../message/ports.ts';
import { type DataDirectory, dataDirectory } from './config/data-directory.ts';
import { openSenderKey, senderKeyFile } from './sender-key.ts';

const mail = Buffer.from('To: <ann@reporter.example>\r\n\r\ncanary\r\n');

async function withKey(
  work: (directory: DataDirectory, certificate: Uint8Array) => Promise<void>,
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'sender-'));
  try {
    const directory = dataDirectory(root);
    const { secret, key } = await generateKey({ name: 'embargod sender' }, readClock());
    await mkdir(directory.sender, { mode: 0o700 });
    await writeFile(senderKeyFile(directory), secret, { mode: 0o600 });
    await work(directory, key.certificate.bytes);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

test('what is sealed to the pinned certificate only the sender’s key opens; sealed, nothing of it can be read', () =>
  withKey(async (directory, certificate) => {
    const sealed = await createSenderSealer(certificate)(mail, readClock());
    assert.ok(!Buffer.from(sealed).includes('canary'));
    const open = await openSenderKey(directory);
    assert.deepEqual(Buffer.from(open(sealed)), mail);
    await withKey(async (other) => {
      const stranger = await openSenderKey(other);
      assert.throws(() => stranger(sealed), { code: 'not-for-this-key' });
    });
    const damaged = sealed.map((byte, at) => (at === sealed.length - 5 ? byte ^ 1 : byte)) as SealedToSender;
    assert.throws(() => open(damaged), { code: 'damaged' });
  }));

test('a key that others may read, or that is missing, stops the sender with what to do', () =>
  withKey(async (directory) => {
    await chmod(senderKeyFile(directory), 0o640);
    await assert.rejects(openSenderKey(directory), /open to other users.*chmod go=/);
    await rm(senderKeyFile(directory));
    await assert.rejects(openSenderKey(directory), /cannot be read \(ENOENT\).*embargod init/);
  }));

test('the keyholder seals nothing to a pin that is no certificate', async () => {
  await assert.rejects(createSenderSealer(Buffer.from('nothing'))(mail, readClock()), {
    code: 'no-usable-certificate',
  });
});
