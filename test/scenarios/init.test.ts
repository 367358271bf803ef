import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { passphrase } from '../stand-ins/installation.ts';
import { embargod, openDirectory, startEmbargod } from '../stand-ins/real-server.ts';

/** `init` by itself: what it leaves where it is interrupted, or where systemd keeps the passphrase. */
const limit = { timeout: 60_000 };
let here: Awaited<ReturnType<typeof openDirectory>>;

before(async () => {
  here = await openDirectory();
});
after(() => here.remove());

test(
  'init protects the keys by what a file says and leaves them to the credential of the service',
  limit,
  async () => {
    const data = join(here.path, 'for-systemd');
    const secret = join(here.path, 'passphrase');
    await writeFile(secret, `${passphrase}\n`, { mode: 0o600 });
    const words = ['init', '--domain', 'lists.example.org', '--shared-user', '--data', data];
    const made = await embargod([
      ...words,
      '--passphrase-file',
      secret,
      '--credential',
      'embargod-passphrase',
    ]);
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stdout, /systemctl enable --now embargod/);
    assert.match(made.stdout, /Keep the passphrase off this machine too/);
    assert.match(made.stdout, /public pages are off/);
    const toml = await readFile(join(data, 'embargod.toml'), 'utf8');
    assert.match(toml, /^passphrase = "credential"$/m);
    assert.match(toml, /^credential = "embargod-passphrase"$/m);
    assert.match(toml, /^# passphrase_file = /m);
    const environment = { CREDENTIALS_DIRECTORY: join(here.path, 'credentials') };
    await mkdir(environment.CREDENTIALS_DIRECTORY);
    await writeFile(join(environment.CREDENTIALS_DIRECTORY, 'embargod-passphrase'), `${passphrase}\n`);
    const listed = await embargod(['member', 'list', '--data', data], { environment });
    assert.equal(listed.code, 0, listed.stderr);
  },
);

test(
  'an interrupt while a data directory is made leaves a whole one, and no database behind',
  limit,
  async () => {
    const data = join(here.path, 'interrupted');
    const words = [
      'init',
      '--domain',
      'lists.example.org',
      '--unprotected-keys',
      '--shared-user',
      '--data',
      data,
    ];
    const making = startEmbargod(words);
    await making.line(/Making the embedded database/);
    making.signal('SIGTERM');
    await making.ended;
    const again = await embargod(['doctor', '--data', data]);
    assert.match(again.stdout, /^ok {4}database: PostgreSQL/m, 'it is whole, and nobody holds its database');
  },
);
