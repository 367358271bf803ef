import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { type Installation, makeInstallation, passphrase } from '../stand-ins/installation.ts';
import type { Ran, Started } from '../stand-ins/real-server.ts';
import { dial } from '../stand-ins/smtp-client.ts';

/** A real installation, as its operator makes, runs and looks at it: every command in text and for scripts. */
const limit = { timeout: 60_000 };
let here: Installation;
let server: Started | undefined;
let bobsTurn = false;

before(async () => {
  here = await makeInstallation({
    sink: {
      behaviour: (recipient) =>
        recipient === 'bob@suse.example' && !bobsTurn
          ? { kind: 'reply', at: 'recipient', code: 450 }
          : { kind: 'take' },
    },
  });
}, limit);
after(async () => {
  await server?.stop();
  await here.close();
});

function refusedInOneSentence(ran: Ran, pattern: RegExp): void {
  const said = ran.stderr.trim().split('\n').at(-1) ?? '';
  // What a server’s processes log before it gives up is JSON, and no answer.
  const answer = ran.stdout.replace(/^\{.*\}\n/gm, '');
  assert.deepEqual([ran.code, answer], [1, '']);
  assert.match(said, /^embargod: /);
  assert.match(said, pattern);
  assert.doesNotMatch(ran.stderr, /^\s+at |node:internal/m, 'no stack trace for the operator');
}

const number = async () => {
  const cases = await here.ask('case', 'list');
  const [first] = Array.isArray(cases) ? cases : [];
  return String(first?.number);
};

test(
  'lists and members are made while nothing runs; a keyholder starts for the command alone',
  limit,
  async () => {
    const added = await here.operator('list', 'add', 'linux-distros', '--preset', 'linux-distros');
    assert.equal(added.code, 0, added.stderr);
    assert.match(added.stdout, /^linux-distros@lists\.example\.org is ready\.$/m);
    assert.match(added.stderr, /starting a keyholder for this command/);
    await here.order('member', 'add', 'Debian', '--list', 'linux-distros', '--product', 'Debian 13');
  },
);

test(
  'the wrong passphrase is one clear sentence and exit 1; so is one that is too short, for the server',
  limit,
  async () => {
    const file = join(here.folder, 'passphrase');
    await writeFile(file, 'not the passphrase\n');
    const wrong = /keyholder did not start: This is not the passphrase/;
    refusedInOneSentence(await here.operator('member', 'list'), wrong);
    await writeFile(file, 'short\n');
    refusedInOneSentence(await here.operator('run'), /too short for a passphrase/);
    await writeFile(file, `${passphrase}\n`);
    await here.configure('passphrase = "file"', 'passphrase = "credential"');
    refusedInOneSentence(
      await here.operator('run'),
      /systemd gives it to the service alone: start that first, systemctl start embargod/,
    );
    refusedInOneSentence(await here.operator('member', 'list'), /start that first, systemctl start embargod/);
    await here.configure('passphrase = "credential"', 'passphrase = "file"');
  },
);

test('a directory that holds an installation is never made again', limit, async () => {
  const again = await here.operator('init', '--domain', 'lists.example.org', '--unprotected-keys');
  refusedInOneSentence(again, /is not empty; name a new or empty directory/);
});

test('people join while the server runs; wrong usage exits with 2, a refusal with 1', limit, async () => {
  server = await here.run();
  await here.order('member', 'add', 'SUSE', '--list', 'linux-distros');
  const [alice, bob, old] = await Promise.all([
    here.person('Alice', 'alice@debian.example'),
    here.person('Bob', 'bob@suse.example'),
    here.person('Olga', 'olga@debian.example', 'seconds=864000'),
  ]);
  await here.order('representative', 'add', 'Debian', 'alice@debian.example', '--certificate', alice);
  await here.order('representative', 'add', 'Debian', 'olga@debian.example', '--certificate', old);
  const joined = await here.ask('representative', 'add', 'SUSE', 'bob@suse.example', '--certificate', bob);
  assert.ok(joined !== undefined);
  await here.order('list', 'administrator', 'add', 'linux-distros', 'alice@debian.example');
  const again = await here.operator('member', 'add', 'SUSE', '--list', 'linux-distros');
  refusedInOneSentence(again, /SUSE/);
  const asJson = await here.operator('member', 'add', 'SUSE', '--list', 'linux-distros', '--json');
  assert.equal(asJson.code, 1);
  assert.match(String(JSON.parse(asJson.stdout).refused), /SUSE/);
  const missing = join(here.folder, 'missing.asc');
  const file = await here.operator(
    'representative',
    'add',
    'SUSE',
    'x@suse.example',
    '--certificate',
    missing,
  );
  refusedInOneSentence(file, /missing\.asc cannot be read/);
  const usages = [
    ['member', 'add'],
    ['list', 'add', 'Upper', '--preset', 'distros'],
    ['case', 'show', '42'],
    ['nonsense'],
  ];
  for (const usage of usages) {
    const ran = await here.operator(...usage);
    assert.deepEqual([ran.code, ran.stdout], [2, ''], usage.join(' '));
  }
});

test(
  'a report by gpg over SMTP reaches the relay, and the list’s key is the one it was sealed to',
  limit,
  async () => {
    const key = await here.order('list', 'key', 'linux-distros');
    assert.match(key, /^-----BEGIN PGP PUBLIC KEY BLOCK-----/);
    await here.gpg.importKey(key);
    await here.person('Robin', 'robin@researcher.example');
    assert.match(await here.report('robin@researcher.example', '[vs] libfoo', 'r1'), /^250 /);
    await here.sink.taken(2);
    const copy = here.sink.mails().find(({ recipient }) => recipient === 'alice@debian.example');
    const opened = await here.gpg.decrypt(copy?.raw.slice(copy.raw.indexOf('-----BEGIN')) ?? '');
    assert.match(Buffer.from(opened.stdout).toString(), /libfoo: it overflows/);
  },
);

test(
  'cases, copies and certificates are shown in text, and for scripts as one JSON value',
  limit,
  async () => {
    const [numbers, certificates, list] = await Promise.all([
      number(),
      here.order('certificate', 'check', '--within', '30d'),
      here.ask('list', 'show', 'linux-distros'),
    ]);
    assert.match(certificates, /olga@debian\.example/);
    assert.doesNotMatch(certificates, /alice@debian/);
    assert.match(JSON.stringify(list), /linux-distros@lists\.example\.org/);
    assert.match(await here.order('case', 'list'), new RegExp(`${numbers}\\s+linux-distros`));
    assert.match(await here.order('case', 'show', numbers), /open[\s\S]*alice@debian\.example/);
    refusedInOneSentence(
      await here.operator('case', 'show', 'VS-2020-0001'),
      /There is no case VS-2020-0001/,
    );
    const journal = await here.order('journal', 'verify');
    assert.match(journal, /\d+ entries/);
  },
);

test('a copy that the relay deferred is listed, and goes out when it is retried', limit, async () => {
  const rows = async (...options: string[]) => {
    const all = await here.ask('outbox', 'list', ...options);
    return Array.isArray(all) ? all : [];
  };
  const deferred = (await rows()).find((row) => row.recipient === 'bob@suse.example');
  assert.equal(deferred?.state, 'deferred');
  assert.match(await here.order('outbox', 'list'), /deferred/);
  bobsTurn = true;
  const before = here.sink.mails().length;
  await here.order('outbox', 'retry', deferred.id);
  await here.sink.taken(before + 1);
  assert.equal(here.sink.mails().at(-1)?.recipient, 'bob@suse.example');
  refusedInOneSentence(await here.operator('outbox', 'retry', 'no-such-row'), /no-such-row/);
});

test(
  'held mail waits with a time to decide by, is passed or refused by id, and not twice',
  limit,
  async () => {
    const clear = (subject: string) =>
      `From: x@stranger.example\nTo: linux-distros@lists.example.org\nSubject: ${subject}\n\nhello\n`;
    const taken = here.sink.mails().length;
    for (const subject of ['first', 'second']) {
      assert.match(
        await here.send('x@stranger.example', 'linux-distros@lists.example.org', clear(subject)),
        /^250 /,
      );
    }
    // Each is told to the administrator, sealed.
    await here.sink.taken(taken + 2);
    const held = await here.ask('held', 'list');
    assert.ok(Array.isArray(held) && held.length === 2);
    const [first, second] = held;
    const hours = (Date.parse(first.decideBy) - Date.parse(first.received)) / 3_600_000;
    assert.ok(hours >= 1, `the obligation’s time, not the door’s 15 minutes: ${hours} h`);
    assert.match(await here.order('held', 'list'), new RegExp(first.id));
    await here.order('held', 'pass', first.id, '--reason', 'a real report');
    await here.order('held', 'refuse', second.id, '--reason', 'spam');
    refusedInOneSentence(await here.operator('held', 'pass', first.id, '--reason', 'again'), /held/);
    assert.match(await here.order('held', 'list'), /No mail is held/);
  },
);

test('a guest is admitted to a case; people are suspended, restored and removed', limit, async () => {
  const guest = await here.person('Gus', 'gus@upstream.example');
  await here.order('guest', 'add', await number(), 'gus@upstream.example', '--certificate', guest);
  const bob = ['SUSE', 'bob@suse.example'] as const;
  await here.order('representative', 'suspend', ...bob);
  assert.match(await here.order('member', 'list'), /bob@suse\.example.*suspended/);
  await here.order('representative', 'restore', ...bob);
  await here.order('representative', 'remove', ...bob);
  assert.doesNotMatch(await here.order('member', 'list'), /bob@suse\.example(?!.*removed)/);
});

test('an older answer that somebody puts back into the table is not taken for a new one', limit, async () => {
  const host = (await readFile(join(here.data, 'run/database-socket'), 'utf8')).trim();
  const client = new Client({ host, user: 'postgres', database: 'embargod_private' });
  await client.connect();
  try {
    await client.query(`CREATE FUNCTION replay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      NEW.answer := (SELECT answer FROM public.requests WHERE state = 'done' ORDER BY created_at LIMIT 1);
      RETURN NEW; END $$`);
    await client.query('GRANT EXECUTE ON FUNCTION replay() TO PUBLIC');
    await client.query(
      'CREATE TRIGGER replay BEFORE UPDATE ON requests FOR EACH ROW EXECUTE FUNCTION replay()',
    );
    refusedInOneSentence(await here.operator('member', 'list'), /was given to another request/);
  } finally {
    await client.query('DROP FUNCTION IF EXISTS replay() CASCADE');
    await client.end();
  }
});

test('SIGHUP makes a smaller limit count without losing a connection', limit, async () => {
  const open = await dial(here.smtpPort);
  await open.say('EHLO client.example');
  await here.configure(/^# message_size = .*$/m, 'message_size = "2KiB"');
  server?.signal('SIGHUP');
  await server?.line(/"process":"intake","msg":"reloaded"/);
  assert.match(await open.say('NOOP'), /^250 /);
  const fresh = await dial(here.smtpPort);
  assert.match(await fresh.say('EHLO client.example'), /SIZE 2048/);
  assert.match(await fresh.say('MAIL FROM:<a@example.org> SIZE=3000'), /^552 /);
  open.close();
  fresh.close();
});

test('SIGTERM closes the door first and ends everything with exit 0', limit, async () => {
  const idle = await dial(here.smtpPort);
  const goodbye = idle.hear();
  server?.signal('SIGTERM');
  assert.match(await goodbye, /^421 /);
  assert.equal(await server?.ended, 0);
  const trouble = server?.lines.filter((line) => /starting again|fault|"level":[56]0/.test(line));
  assert.deepEqual(trouble, []);
  await assert.rejects(once(connect(here.smtpPort, '127.0.0.1'), 'connect'));
});
