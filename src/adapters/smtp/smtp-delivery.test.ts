import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startMailSink } from '../../../test/stand-ins/mail-sink.ts';
import { type Address, parseAddress } from '../../mail/address.ts';
import type { WireMail } from '../../message/deliver/deliver.ts';
import { instantFromMilliseconds } from '../../time/instant.ts';
import { openDoor } from './door.ts';
import type { Delivered, DoorTls } from './door-parameters.ts';
import { accepted } from './door-replies.ts';
import { createSmtpDelivery } from './smtp-delivery.ts';

const mail: WireMail = {
  returnPath: '',
  recipient: 'bob@lists.example' as Address,
  pieces: [Buffer.from('Subject: x\r\n\r\n'), Buffer.from('body\r\n')],
};

/** A certificate of our own for `localhost`, made for this test. */
function selfSigned(): DoorTls {
  const directory = mkdtempSync(join(tmpdir(), 'tls-'));
  try {
    const [key, certificate] = [join(directory, 'key'), join(directory, 'certificate')];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'].concat([
        '-addext',
        'subjectAltName=DNS:localhost',
        '-keyout',
        key,
        '-out',
        certificate,
      ]),
      { stdio: 'ignore' },
    );
    return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test('STARTTLS between our sender and our door: offered when there is a key, required with a checked certificate', async () => {
  const tls = selfSigned();
  const delivered: Delivered[] = [];
  const door = await openDoor({
    protocol: 'smtp',
    host: '127.0.0.1',
    port: 0,
    hostName: 'localhost',
    clock: () => instantFromMilliseconds(0),
    recipient: async (text) => {
      const address = parseAddress(text);
      assert.ok(address);
      return { kind: 'accepted', address };
    },
    accept: async (one) => {
      delivered.push(one);
      return accepted('q');
    },
    log: () => undefined,
  });
  const base = { host: 'localhost', port: door.address.port, hostName: 'sender.example' };
  const send = async (settings: Parameters<typeof createSmtpDelivery>[0]) => {
    const delivery = createSmtpDelivery(settings);
    const result = await delivery.send(mail);
    delivery.close();
    return `${result.kind} ${result.reason}`;
  };
  assert.equal(await send({ ...base, tls: 'required' }), 'connection-fault tls-not-offered');
  assert.equal(await send({ ...base, tls: 'opportunistic' }), 'accepted accepted');
  door.reload({ tls });
  assert.equal(await send({ ...base, tls: 'opportunistic' }), 'accepted accepted');
  assert.equal(await send({ ...base, tls: 'required' }), 'connection-fault tls-failed');
  assert.equal(await send({ ...base, tls: 'required', authorities: tls.certificate }), 'accepted accepted');
  const login = { username: 'u', password: 'p' };
  assert.equal(await send({ ...base, tls: 'none', login }), 'connection-fault login-needs-tls');
  assert.deepEqual(
    delivered.map((one) => one.tls),
    [false, true, true],
  );
  assert.equal(Buffer.from(delivered[2]?.raw ?? []).toString(), 'Subject: x\r\n\r\nbody\r\n');
  await door.stop();
});

test('an address from the database that would end the command and begin another is refused, unsent', async () => {
  const sink = await startMailSink();
  const delivery = createSmtpDelivery({
    host: '127.0.0.1',
    port: sink.port,
    hostName: 'a.example',
    tls: 'none',
  });
  const recipient = 'bob@lists.example>\r\nRCPT TO:<eve@evil.example' as Address;
  assert.deepEqual(await delivery.send({ ...mail, recipient }), {
    kind: 'refused',
    code: 0,
    reason: 'address-malformed',
  });
  assert.deepEqual(sink.log(), []);
  delivery.close();
  await sink.close();
});
