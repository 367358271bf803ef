/**
 * Reports come in, copies go out, and processes are killed with -9 at moments that a seed chooses (I1, B6). Whoever
 * sent a report behaves as a mail server: the same bytes again until a 250. Judging is `kill-judge.ts`'s.
 */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Installation, makeInstallation } from '../stand-ins/installation.ts';
import type { SinkEntry } from '../stand-ins/mail-sink-session.ts';
import { goneFor } from '../stand-ins/process-facts.ts';
import type { Started } from '../stand-ins/real-server.ts';
import { type SeededChance, seededChance } from '../stand-ins/seeded-chance.ts';
import { databaseIsBack, pidOf, signalFor, type Victim } from './kill-victims.ts';

export type StormPlan = Readonly<{ messages: number; readers: number; kills: readonly Victim[] }>;

/** `at` in ms; `moment` says what was waited for before it; `back`, when the database took connections again. */
export type Kill = Readonly<{ victim: Victim; at: number; moment: string; back?: number }>;

export type Storm = Readonly<{
  here: Installation;
  readers: readonly string[];
  kills: readonly Kill[];
  /** Times that a report was sent, whole, and nobody heard what became of it. */
  unanswered: () => number;
  server: () => Started;
  close: () => Promise<void>;
}>;

const reporter = 'robin@researcher.example';

/** The list is founded and everything runs. */
export async function startStorm(plan: StormPlan, chance: SeededChance) {
  let onTaken = (_entry: SinkEntry) => {};
  const logFile = join(tmpdir(), `kill-sink-${process.pid}-${chance.seed}.log`);
  const here = await makeInstallation({
    init: ['--unprotected-keys', '--shared-user'],
    intakes: 2,
    sink: { logFile, onEntry: (entry) => entry.event === 'taken' && onTaken(entry) },
  });
  await here.configure(
    '[limits]\n',
    '[limits]\nmessages_per_minute = 100000\nconnections_per_address = 1000\n',
  );
  await here.configure('[retry]\n', '[retry]\nfirst = "1s"\n');
  let server = await here.run();
  const readers = await foundList(here, plan.readers);
  const mails: string[] = [];
  for (let index = 0; index < plan.messages; index += 1)
    mails.push(await here.write(reporter, `[vs] r${index}.`, `r${index}`));
  const kills: Kill[] = [];
  const reporting = reportEach(here, mails);

  const strike = async (victim: Victim, round: number): Promise<void> => {
    // Its own dice, so that no wait of another kill changes what this one throws.
    const dice = seededChance(chance.seed + 7919 * (round + 1));
    const scene = () => ({ data: here.data, supervisor: server.pid, chance: dice });
    let pid = await pidOf(victim, scene());
    while (pid === undefined) pid = await pidOf(victim, scene());
    const struck = pid;
    const moment = await aMoment(
      dice,
      plan.readers,
      (call) => (onTaken = call),
      () => {
        kills.push({ victim, at: Date.now(), moment: '' });
        end(struck, signalFor(victim));
      },
    );
    kills[round] = { ...(kills[round] ?? { victim, at: 0 }), moment };
    await goneFor(struck);
    if (victim === 'supervisor') server = await startAgain(here);
    await databaseIsBack(here.data);
    kills[round] = { ...(kills[round] ?? { victim, at: 0, moment }), back: Date.now() };
    let back = await pidOf(victim, scene());
    while (back === undefined || (back === struck && victim !== 'backend'))
      back = await pidOf(victim, scene());
  };

  const rage = async (): Promise<void> => {
    const perKill = Math.floor(plan.messages / plan.kills.length);
    for (const [round, victim] of plan.kills.entries()) {
      const last = round === plan.kills.length - 1;
      reporting.release(last ? plan.messages : (round + 1) * perKill);
      await strike(victim, round);
    }
    await reporting.all();
  };
  return {
    rage,
    storm: {
      here,
      readers,
      kills,
      unanswered: reporting.unanswered,
      server: () => server,
      close: async () => {
        await server.stop();
        await here.close();
        await rm(logFile, { force: true });
      },
    } satisfies Storm,
  };
}

async function foundList(here: Installation, count: number): Promise<readonly string[]> {
  const readers = Array.from({ length: count }, (_, index) => `reader${index}@member${index}.example`);
  await here.order('list', 'add', 'linux-distros', '--preset', 'linux-distros');
  for (const [index, address] of readers.entries()) {
    const certificate = await here.person(address, address);
    await here.order('member', 'add', `member ${index}`, '--list', 'linux-distros');
    await here.order('representative', 'add', `member ${index}`, address, '--certificate', certificate);
  }
  await here.gpg.importKey(await here.order('list', 'key', 'linux-distros'));
  await here.person('Robin', reporter);
  return readers;
}

/** Sends those that are released, each until it has been told 250. */
function reportEach(here: Installation, mails: readonly string[]) {
  let sent = 0;
  let unanswered = 0;
  const under: Promise<void>[] = [];
  const untilTaken = async (raw: string) => {
    for (;;) {
      const reply = await here.send(reporter, 'linux-distros@lists.example.org', raw).catch(() => undefined);
      if (reply?.startsWith('250')) return;
      if (reply === '') unanswered += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  return {
    release: (upTo: number) => {
      while (sent < upTo && sent < mails.length) under.push(untilTaken(mails[sent++] ?? ''));
    },
    all: async () => {
      await Promise.all(under);
    },
    unanswered: () => unanswered,
  };
}

/** Longest wait for copies that may never come, as what would send them is dead. */
const longestWait = 1_000;
const longestDelay = 600;

/**
 * A time that passes, or so many copies that the sink takes: then the kill falls after the sink's log has the copy and
 * before its reply leaves. Gives what it was.
 */
async function aMoment(
  chance: SeededChance,
  readers: number,
  onTaken: (call: () => void) => void,
  kill: () => void,
): Promise<string> {
  const copies = chance.below(2) === 0 ? 1 + chance.below(readers * 2) : 0;
  const delay = chance.below(longestDelay);
  if (copies === 0) {
    await new Promise((resolve) => setTimeout(resolve, delay));
    kill();
    return `after ${delay} ms`;
  }
  return new Promise((resolve) => {
    let left = copies;
    const end = (moment: string) => {
      clearTimeout(timer);
      onTaken(() => {});
      kill();
      resolve(moment);
    };
    const timer = setTimeout(() => end(`after ${longestWait} ms without ${copies} copies`), longestWait);
    onTaken(() => {
      left -= 1;
      if (left === 0) end(`at copy ${copies}`);
    });
  });
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone by itself meanwhile: an opener that had done its share.
  }
}

/** As a service manager does: tries again while the dead one's processes still let go. */
async function startAgain(here: Installation): Promise<Started> {
  for (;;) {
    try {
      return await here.run();
    } catch (error) {
      if (!(error instanceof Error && /did not start|runs already|It ended/.test(error.message))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
