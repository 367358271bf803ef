/** A public list beside a private one, all in one process: intake, keyholder, public-keeper, a moderator's desk, the pages. */
import assert from 'node:assert/strict';
import { Client, type PoolConfig } from 'pg';
import { type ModerationStore, openModerationStore } from '../../src/adapters/postgres/moderation-store.ts';
import { openPublicKeeperStore, openPublicReader } from '../../src/adapters/postgres/public-store.ts';
import type { Answer } from '../../src/message/requests/request.ts';
import type { ModerationAct } from '../../src/publication/moderation/moderation-request.ts';
import { loadPreset } from '../../src/run/config/load-preset.ts';
import { decide } from '../../src/run/moderation-desk.ts';
import { startPublicKeeper } from '../../src/run/public-keeper.ts';
import { startPublicSite } from '../../src/run/public-site.ts';
import { vouchingFor } from './mail-resolver.ts';
import { type PostingMail, postingMail } from './postings.ts';
import { listDomain, type RunningList, runningList } from './running-list.ts';

export type PublicList = Readonly<{
  running: RunningList;
  list: string;
  desk: ModerationStore;
  /** Sends it to the list by SMTP and waits until public-keeper has looked at it; the id of its row. */
  post: (mail: PostingMail, from?: string) => Promise<string>;
  state: (id: string) => Promise<Readonly<{ state: string; heldFor: readonly string[] }>>;
  /** As the command line does: signed by the operator key. */
  decide: (id: string, act: ModerationAct) => Promise<Answer>;
  pass: (id: string, publishAnyway?: boolean) => Promise<Answer>;
  /** In the public database, as superuser or in a role. */
  query: (sql: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;
  settle: () => Promise<void>;
  page: (path: string) => Promise<string>;
  log: readonly string[];
  access: (role: 'intake' | 'keyholder' | 'operator' | 'public_site' | 'public_keeper') => PoolConfig;
  close: () => Promise<void>;
}>;

/** Mail of `vouched.example` is vouched for by SPF, no other. */
export async function publicList(): Promise<PublicList> {
  const running = await runningList({ resolver: vouchingFor('vouched.example') });
  const access: PublicList['access'] = (role) => running.databases.as(role, 'public');
  const superuser = new Client(running.databases.superuser('public'));
  await superuser.connect();
  const query: PublicList['query'] = async (sql, values = []) =>
    (await superuser.query(sql, [...values])).rows;
  const log: string[] = [];
  const say = (event: string, fields?: unknown) => log.push(`${event} ${JSON.stringify(fields ?? {})}`);
  const keeper = startPublicKeeper({
    store: openPublicKeeperStore(access('public_keeper')),
    domain: listDomain,
    operator: running.operatorPin,
    clock: running.now,
    log: { info: say, error: say },
  });
  for (const name of ['linux-distros', 'oss-security'] as const)
    await running.order({ kind: 'list-add', settings: { ...(await loadPreset(name)), name } });
  const waiting = `SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting') + (SELECT count(*) FROM requests WHERE state = 'waiting') AS count`;
  const settle = async () => {
    await query('NOTIFY embargod_public');
    while (Number((await query(waiting))[0]?.count) > 0) await query('SELECT pg_sleep(0.01)');
  };
  await running.settle();
  await settle();
  const desk = openModerationStore(access('operator'));
  const publicSite = { url: `https://${listDomain}`, listen: [{ host: '127.0.0.1', port: 0 }] };
  const reader = openPublicReader(access('public_site'));
  const site = await startPublicSite({ domain: listDomain, demo: false, publicSite }, reader, {
    error: () => undefined,
  });
  const key = async () => running.operatorKey;
  const list = 'oss-security';
  const decideHere: PublicList['decide'] = (id, act) =>
    decide({ store: desk, domain: listDomain, key, clock: running.now }, id, act);
  return {
    running,
    list,
    desk,
    query,
    settle,
    access,
    log,
    post: async (mail, from = addressIn(mail)) => {
      const before = await ids(query);
      const to = [`${list}@${listDomain}`];
      assert.match(await running.send({ from, to, raw: postingMail(mail) }), /^250 /);
      await settle();
      const [id = ''] = (await ids(query)).filter((one) => !before.includes(one));
      return id;
    },
    state: async (id) => {
      const [row] = await query('SELECT state, held_for FROM inbox WHERE id = $1', [id]);
      const heldFor = row?.held_for;
      return { state: String(row?.state), heldFor: Array.isArray(heldFor) ? heldFor.map(String) : [] };
    },
    decide: decideHere,
    pass: (id, publishAnyway = false) => decideHere(id, { kind: 'pass', publishAnyway }),
    page: async (path) => (await fetch(`http://127.0.0.1:${site.listening[0]?.port}${path}`)).text(),
    close: async () => {
      await Promise.all([keeper.stop(), site.stop(), desk.close(), superuser.end()]);
      await running.close();
    },
  };
}

function addressIn({ from = 'ann@researcher.example' }: PostingMail): string {
  return from.replace(/^.*<(.*)>$/, '$1');
}

async function ids(query: PublicList['query']): Promise<readonly string[]> {
  return (await query(`SELECT id FROM inbox WHERE kind = 'mail'`)).map((row) => String(row.id));
}
