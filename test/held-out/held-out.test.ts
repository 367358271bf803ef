import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeText } from '../../src/mail/charset.ts';
import { type Entity, splitEntity, walk } from '../../src/mail/split-entity.ts';
import { decodeTransfer } from '../../src/mail/transfer-encoding.ts';
import type { Opened, Unopenable } from '../../src/message/open/opened.ts';
import { loadPreset } from '../../src/run/config/load-preset.ts';
import { address } from '../stand-ins/community.ts';
import { type RunningList, runningList } from '../stand-ins/running-list.ts';
import { differences, type Seen } from './differences.ts';
import { heldOut, makeCast } from './held-out.ts';
import { type Cast, gpg, people, roster } from './keys.ts';

/** The sixty, one after the other, through a whole running list; what a member's own gpg reads is compared. */
test('sixty mails by somebody who has not seen the parser are handled as their author says', async (context) => {
  const openings: (Opened | Unopenable)[] = [];
  const list = await runningList({ onOpened: (opened) => openings.push(opened) });
  const home = await mkdtemp(join(tmpdir(), 'cast-'));
  try {
    const cast = await foundWithCast(list, home);
    const run = heldOutRun({ list, cast, home, openings });
    for (const mail of heldOut) {
      await context.test(`${mail.name}: ${mail.why}`, async () => {
        const seen = await run(mail);
        assert.deepEqual(differences(mail.expect, seen), []);
      });
    }
    await cast.close();
  } finally {
    await list.close();
    await rm(home, { recursive: true, force: true });
  }
});

async function foundWithCast(list: RunningList, home: string): Promise<Cast> {
  const keys: string[] = [];
  for (const name of ['linux-distros', 'distros'] as const) {
    await list.order({ kind: 'list-add', settings: { ...(await loadPreset(name)), name } });
    keys.push((await list.order({ kind: 'list-key', name })).text.join('\n'));
  }
  await list.order({
    kind: 'list-add',
    settings: { ...(await loadPreset('oss-security')), name: 'oss-security' },
  });
  const cast = await makeCast({ home, listCertificate: keys[0] ?? '', secondListCertificate: keys[1] ?? '' });
  for (const { castName, member, suspended } of roster) {
    const person = { member, address: address(people[castName].address) };
    await list.order({ kind: 'member-add', name: member, lists: ['linux-distros'], products: [] });
    await list.order({ kind: 'representative-add', ...person, certificate: cast.certificate(castName) });
    if (suspended) await list.order({ kind: 'representative-suspend', ...person });
  }
  return cast;
}

type Run = Readonly<{
  list: RunningList;
  cast: Cast;
  home: string;
  openings: readonly (Opened | Unopenable)[];
}>;

/** Processes one entry and tells what came of it. */
function heldOutRun({ list, cast, home, openings }: Run) {
  const cases = new Map<string, string>();
  const openers = new Map<string, string>();
  const messageIds = new Map<string, string>();
  const known = (map: ReadonlyMap<string, string>, name: string) => {
    const value = map.get(name);
    if (value === undefined) throw new Error(`${name} opened no case`);
    return value;
  };
  return async (mail: (typeof heldOut)[number]): Promise<Seen> => {
    const built = await mail.build(cast, {
      caseNumberOf: (name) => known(cases, name),
      messageIdOf: (name) => known(messageIds, name),
    });
    cast.built.set(mail.name, built);
    const before = { opened: openings.length, mails: list.mailFor(people.rita.address).length };
    const reply = await list.send({ from: built.mailFrom, to: built.recipients, raw: built.raw });
    assert.match(reply, /^250 /, reply);
    await list.settle();
    const opened = openings.slice(before.opened).findLast((one) => !('kind' in one));
    const copy = list
      .mailFor(people.rita.address)
      .slice(before.mails)
      .find((one) => !/^Auto-Submitted:/im.test(one.raw));
    const state = await inboxState(list, reply);
    if (state !== 'judged' || !copy || !opened || 'kind' in opened) {
      return {
        verdict: state === 'refused' || state === 'held' ? state : 'refused',
        ...seenOf(opened, cast),
      };
    }
    const inside = await gpg(
      home,
      ['--decrypt'],
      /-----BEGIN PGP MESSAGE-----[\s\S]*-----END PGP MESSAGE-----/.exec(copy.raw)?.[0],
    );
    const number = /^Embargod-Case: (\S+)/m.exec(inside.toString('latin1'))?.[1] ?? '';
    const verdict = openers.has(number) ? 'reply' : 'new-case';
    if (!openers.has(number)) openers.set(number, mail.name);
    cases.set(mail.name, number);
    messageIds.set(mail.name, /^Message-ID: (\S+)/im.exec(copy.raw)?.[1] ?? '');
    const filedUnder = /^Embargod-List: (\S+)/m.exec(inside.toString('latin1'))?.[1];
    return {
      ...seenOf(opened, cast),
      ...seenInside(inside),
      verdict,
      list: filedUnder === 'distros' ? 'distros' : 'linux-distros',
      caseOf: openers.get(number),
    };
  };
}

async function inboxState(list: RunningList, reply: string): Promise<string> {
  const id = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(reply)?.[0] ?? '';
  const [row] = await list.query('SELECT state FROM inbox WHERE id = $1', [id]);
  return String(row?.state);
}

function seenOf(opened: Opened | Unopenable | undefined, cast: Cast): Omit<Seen, 'verdict'> {
  if (!opened || 'kind' in opened) return {};
  const { signature, head, encryption } = opened;
  const names = ['ann', 'ben', 'carl', 'mallory', 'rita', 'sue'] as const;
  return {
    encryption: encryption.kind,
    signature: signature.kind,
    signer:
      signature.kind === 'valid'
        ? names.find((name) => cast.fingerprint(name) === signature.fingerprint)
        : undefined,
    subject: head.subject,
    from: head.from[0]?.address,
  };
}

function seenInside(copy: Buffer): Pick<Seen, 'texts' | 'parts' | 'copy'> {
  const split = splitEntity(copy);
  assert.equal(split.kind, 'entity');
  const [, ...behindOurs] = split.kind === 'entity' ? leaves(split.entity) : [];
  return {
    copy,
    texts: behindOurs
      .filter((leaf) => leaf.contentType.value.startsWith('text/'))
      .map((leaf) => decodeText(bodyOf(leaf), leaf.contentType.parameters.get('charset'))),
    parts: behindOurs.map((leaf) => ({
      fileName: leaf.fileName,
      sha256: createHash('sha256').update(bodyOf(leaf)).digest('hex'),
    })),
  };
}

function leaves(root: Entity): readonly Entity[] {
  return walk(root).filter((entity) => entity.children.length === 0);
}

function bodyOf(leaf: Entity): Uint8Array {
  return decodeTransfer(leaf.body, leaf.transferEncoding);
}
