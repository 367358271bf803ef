import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Person } from '../stand-ins/founded-list.ts';
import { makeGnupg } from '../stand-ins/gnupg.ts';
import { caseAddress, type Story, startStory, teamAddress } from '../stand-ins/story.ts';

/** One case from its report through replies of everybody who may write to it. */
let story: Story;
let alice: Person;
let bob: Person;
let robin: Person;
let number: string;
const list = 'linux-distros@lists.example.org';

before(async () => {
  story = await startStory();
  alice = await story.person('Alice', 'alice@debian.example', 'ed25519');
  bob = await story.person('Bob', 'bob@suse.example', 'nistp256');
  robin = await story.person('Robin', 'robin@researcher.example', 'ed25519');
  await story.join('Debian', 'linux-distros', alice);
  await story.join('SUSE', 'linux-distros', bob);
  await story.tell({
    from: robin,
    to: list,
    subject: '[vs] libfoo',
    body: 'canary-report',
    seal: 'linux-distros',
    signer: robin,
    enclose: robin,
    messageId: '<report@researcher.example>',
  });
  [number = ''] = await story.cases();
  story.skipNews();
});
after(() => story.close());

test('a member’s reply to the case address reaches members and the reporter, each group with a body of its own', async () => {
  await story.tell({
    from: alice,
    to: caseAddress(number),
    subject: 'Re: [vs] libfoo',
    body: 'canary-members-reply',
    seal: 'linux-distros',
    signer: alice,
    fields: ['In-Reply-To: <report@researcher.example>'],
  });
  const [toAlice, toBob, toRobin] = [
    await story.onlyNews(alice),
    await story.onlyNews(bob),
    await story.onlyNews(robin),
  ];
  for (const copy of [toAlice, toBob, toRobin]) assert.match(copy.text, /canary-members-reply/);
  assert.equal(toAlice.sessionKey, toBob.sessionKey, 'members share a body');
  assert.notEqual(toRobin.sessionKey, toBob.sessionKey, 'the reporter has one of their own (K5)');
  assert.match(toBob.says('Signature'), /^good, by alice@debian\.example \(Debian\)/);
  assert.match(
    toBob.says('Sent to'),
    /members of linux-distros \(2 readers\); the reporter robin@researcher/,
  );
  assert.match(
    toBob.says('A reply'),
    /reaches the members, the reporter robin@researcher\.example to \S+\.team@/,
  );
  assert.match(toRobin.says('A reply'), /reaches the members of linux-distros and the others on this case/);
  assert.doesNotMatch(
    toRobin.text,
    /bob@suse|\.team@/,
    'the reporter hears no member’s name but the writer’s',
  );
  await gpgOpensOnlyItsOwn(robin, toRobin.mail.raw, toBob.mail.raw);
  await gpgOpensOnlyItsOwn(bob, toBob.mail.raw, toRobin.mail.raw);
});

test('the session key of the reporter’s copy opens nothing of the members’ copy', async () => {
  await story.tell({
    from: alice,
    to: caseAddress(number),
    subject: 'Re: libfoo',
    body: 'again',
    seal: 'linux-distros',
    signer: alice,
  });
  const key = (await story.onlyNews(robin)).sessionKey.replace('SESSION_KEY ', '');
  const theirs = (await story.news(bob))[0]?.mail.raw ?? '';
  const armour = /-----BEGIN PGP MESSAGE-----[\s\S]*-----END PGP MESSAGE-----/.exec(theirs)?.[0] ?? '';
  const tried = await story.gpg.run(['--override-session-key', key, '--decrypt'], armour);
  assert.notEqual(tried.code, 0);
  assert.doesNotMatch(Buffer.from(tried.stdout).toString(), /again/);
  story.skipNews();
});

test('the reporter’s reply, signed with the pinned key, reaches the members as theirs, and not the reporter', async () => {
  await story.tell({
    from: robin,
    to: caseAddress(number),
    subject: 'Re: libfoo',
    body: 'canary-reporters-reply',
    seal: 'linux-distros',
    signer: robin,
  });
  for (const member of [alice, bob]) {
    const copy = await story.onlyNews(member);
    assert.match(copy.text, /canary-reporters-reply/);
    assert.match(copy.says('Signature'), new RegExp(`^good, by the reporter of ${number}`));
  }
  assert.deepEqual(await story.news(robin), []);
});

test('the team address is for members only, and says so', async () => {
  await story.tell({
    from: bob,
    to: teamAddress(number),
    subject: 'Re: libfoo',
    body: 'canary-team',
    seal: 'linux-distros',
    signer: bob,
  });
  const copy = await story.onlyNews(alice);
  assert.match(copy.text, /canary-team/);
  assert.equal(copy.says('Sent to'), 'the members of linux-distros (2 readers)');
  assert.deepEqual(await story.news(robin), []);
  story.skipNews();
});

test('a maintainer whom nobody knows answers the reporter in clear: filed, marked, and sealed to the members (R5)', async () => {
  await story.tell({
    from: 'Max Maintainer <max@kernel.example>',
    to: list,
    subject: 'Re: [vs] libfoo',
    body: 'canary-maintainer',
    fields: ['In-Reply-To: <report@researcher.example>'],
  });
  assert.deepEqual(await story.cases(), [number]);
  const copy = await story.onlyNews(alice);
  assert.match(copy.text, /canary-maintainer/);
  assert.doesNotMatch(copy.mail.raw, /canary/);
  assert.match(copy.says('Received'), /in clear$/);
  assert.match(copy.says('Note'), /not signed: nothing proves who wrote it/);
  story.skipNews();
});

test('a reply in clear whose parent never reached us is no part of any case: held (R5)', async () => {
  await story.tell({
    from: 'Max Maintainer <max@kernel.example>',
    to: list,
    subject: 'Re: something',
    body: 'canary-orphan',
    fields: ['In-Reply-To: <never-seen@elsewhere.example>'],
  });
  assert.equal((await story.inbox('held')).length, 1);
  assert.deepEqual([...(await story.news(alice)), ...(await story.news(bob))], []);
});

test('what claims to be the reporter’s, unsigned, is marked, and changes nobody’s standing (A1)', async () => {
  await story.tell({
    from: robin,
    to: caseAddress(number),
    subject: 'Re: libfoo',
    body: 'canary-unsigned',
    seal: 'linux-distros',
    enclose: alice,
  });
  const copy = await story.onlyNews(alice);
  assert.equal(copy.says('Signature'), 'none');
  assert.match(copy.says('Note'), /not signed: nothing proves who wrote it/);
  assert.match(copy.says('Note'), /came sealed, and nobody on this case signed it within: only the members/);
  assert.deepEqual(
    await story.news(robin),
    [],
    'sealed by nobody knows whom, it is opened for members only (K1)',
  );
  story.skipNews();
});

test('the story ends with nothing forgotten', () => story.end());

/** In a keyring of their own, with nobody else's secrets to help. */
async function gpgOpensOnlyItsOwn(reader: Person, own: string, others: string): Promise<void> {
  const alone = await makeGnupg();
  try {
    await alone.importKey(await story.gpg.exportSecret(reader.fingerprint));
    const open = (raw: string) => alone.decrypt(raw.slice(raw.indexOf('-----BEGIN')));
    assert.match(
      Buffer.from((await open(own)).stdout).toString(),
      /canary/,
      `${reader.name} opens their own`,
    );
    const tried = await open(others);
    assert.ok(tried.code !== 0 && tried.status.includes('DECRYPTION_FAILED'));
  } finally {
    await alone.remove();
  }
}
