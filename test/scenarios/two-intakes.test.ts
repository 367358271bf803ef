import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Installation, makeInstallation } from '../stand-ins/installation.ts';
import { goneFor, processesNamed } from '../stand-ins/process-facts.ts';
import { embargod, type Started } from '../stand-ins/real-server.ts';

/** Two intakes share the port (SO_REUSEPORT): each takes mail, and when one is killed the other's door stays open. */
const limit = { timeout: 60_000 };
const reporter = 'robin@researcher.example';
let here: Installation;
let server: Started;

before(async () => {
  here = await makeInstallation({ init: ['--unprotected-keys', '--shared-user'], intakes: 2 });
  server = await here.run();
  await here.order('list', 'add', 'linux-distros', '--preset', 'linux-distros');
  await here.order('member', 'add', 'Debian', '--list', 'linux-distros');
  const certificate = await here.person('Alice', 'alice@debian.example');
  await here.order('representative', 'add', 'Debian', 'alice@debian.example', '--certificate', certificate);
  await here.gpg.importKey(await here.order('list', 'key', 'linux-distros'));
  await here.person('Robin', reporter);
}, limit);
after(async () => {
  await server?.stop();
  await here.close();
});

let reports = 0;

/** Who took the mail, as the supervisor's log has it: a peer tries again until somebody says 250. */
async function takenBy(): Promise<string> {
  reports += 1;
  const id = `r${reports}`;
  for (;;) {
    const reply = await here.report(reporter, `[vs] ${id}`, id).catch(() => '');
    const accepted = /^250 .* Accepted as (\S+)/.exec(reply)?.[1];
    if (accepted === undefined) continue;
    const { text } = await server.line(new RegExp(accepted));
    return /"process":"([\w-]+)"/.exec(text)?.[1] ?? '';
  }
}

test('both take mail on one port', limit, async () => {
  const seen = new Set<string>();
  while (seen.size < 2) seen.add(await takenBy());
  assert.deepEqual([...seen].sort(), ['intake', 'intake-2']);
});

test(
  'one is killed with -9: the other takes mail meanwhile, the killed one comes back, nothing is lost',
  limit,
  async () => {
    const [victim, other] = await intakes();
    assert.ok(victim !== undefined && other !== undefined);
    process.kill(victim, 'SIGKILL');
    await goneFor(victim);
    await takenBy();
    while ((await intakes()).length < 2) await turn();
    assert.ok((await intakes()).includes(other), 'the other was left alone');
    const seen = new Set<string>();
    while (seen.size < 2) seen.add(await takenBy());
    while (new Set(messages()).size < reports) await here.sink.taken(here.sink.mails().length + 1);
    assert.equal(messages().length, reports, 'each report once');
    assert.deepEqual(await here.ask('outbox', 'list'), []);
  },
);

test('each has a heartbeat of its own, so that one that is silent is missed', limit, async () => {
  const health = await fetch(`http://127.0.0.1:${here.monitoringPort}/health`);
  assert.equal(health.status, 200, await health.text());
  const token = (await readFile(join(here.data, 'sender/metrics-token'), 'utf8')).trim();
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`http://127.0.0.1:${here.monitoringPort}/metrics`, { headers });
  const figures = await answer.text();
  for (const name of ['1-of-2', '2-of-2'])
    assert.match(
      figures,
      new RegExp(`heartbeat_age_seconds\\{process="intake",instance="[^"]+--${name}"\\}`),
    );
});

test('a second server that would share the port unnoticed does not start', limit, async () => {
  const twin = await makeInstallation({ init: ['--unprotected-keys', '--shared-user'], intakes: 2 });
  try {
    await twin.configure(`127.0.0.1:${twin.smtpPort}`, `127.0.0.1:${here.smtpPort}`);
    const ran = await embargod(['run', '--data', twin.data]);
    assert.notEqual(ran.code, 0);
    assert.match(ran.stderr, new RegExp(`127\\.0\\.0\\.1:${here.smtpPort} is taken by another program`));
  } finally {
    await twin.close();
  }
});

function messages(): readonly string[] {
  return here.sink.mails().map(({ raw }) => /^Message-ID: (\S+)/im.exec(raw)?.[1] ?? '');
}

const intakes = () => processesNamed(server.pid, 'intake-process');
const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
