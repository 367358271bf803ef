// Checks the held-out mails themselves, without the server: builds all with throw-away list keys,
// opens and verifies with gpg what should open and verify, and looks at the form of the bytes.
// node test/held-out/check.ts [DIRECTORY]     (DIRECTORY: keep the mails there, one .eml each)

import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { heldOut, makeCast } from './held-out.ts';
import type { HeldOutMail } from './held-out-mail.ts';
import { type Cast, type CastName, gpg, people, stopAgent } from './keys.ts';

const UNOPENABLE = new Set([
  'encrypted-to-a-foreign-key-only',
  'armour-cut-short',
  'clear-text-in-fake-armour',
]);

/** gpg's own exit code is 2 after a wildcard packet for another key: its status lines tell better. */
function status(home: string, args: readonly string[], input: Uint8Array): { out: Buffer; lines: string } {
  const common = ['--no-options', '--homedir', home, '--batch', '--no-tty', '--quiet', '--status-fd', '2'];
  const ran = spawnSync('/usr/bin/gpg', [...common, '--trust-model', 'always', ...args], { input });
  return { out: ran.stdout, lines: String(ran.stderr) };
}

function complaintsAboutForm(raw: Buffer): string[] {
  const text = raw.toString('latin1');
  const [header = ''] = text.split('\r\n\r\n', 1);
  return [
    ...(/\r(?!\n)|(?<!\r)\n|\0/.test(text) ? ['a bare CR, bare LF or NUL'] : []),
    ...(text.includes('\r\n\r\n') ? [] : ['no end of the header']),
    ...(text.endsWith('\r\n') ? [] : ['no last line end']),
    ...header
      .split('\r\n')
      .flatMap((line) => (/^([!-9;-~]+:|[ \t]+\S)/.test(line) ? [] : [`header: ${line}`])),
    ...(/[\x80-\xff]/.test(header) ? ['8-bit header'] : []),
    ...text.split('\r\n').flatMap((line) => (line.length > 998 ? [`a line of ${line.length}`] : [])),
  ];
}

/** Candidates for OpenPGP messages: armour in all readings of the mail, and base64 parts as they are. */
function candidates(raw: Buffer): Buffer[] {
  const text = raw.toString('latin1').replaceAll('\r\n', '\n');
  const parts = [...text.matchAll(/^Content-Transfer-Encoding: base64$[\s\S]*?\n\n([A-Za-z0-9+/=\n]+)/gim)];
  const decoded = parts.map((part) => Buffer.from(part[1] ?? '', 'base64'));
  const unQuoted = text
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  const readings = [text, unQuoted, ...decoded.map((bytes) => withoutMarkup(bytes.toString('latin1')))];
  const armour = /^-----BEGIN PGP MESSAGE-----\n[\s\S]+?\n-----END PGP MESSAGE-----$/gm;
  const armoured = readings.flatMap((reading) => [...reading.matchAll(armour)].map(([found]) => found));
  return [...[...new Set(armoured)].map((found) => Buffer.from(found)), ...decoded];
}

const withoutMarkup = (text: string) =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll('</div>', '\n')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&#43;', '+');

/** Status lines of every multipart/signed in a mail or in what was opened of it. */
async function verified(home: string, bytes: Buffer, directory: string): Promise<string> {
  const text = bytes.toString('latin1');
  const boundary = /multipart\/signed; boundary="([^"]+)"/.exec(text)?.[1];
  if (boundary === undefined) return '';
  const [, content = '', signature = ''] = text.split(
    new RegExp(`(?:^|\r\n)--${boundary.replace(/\W/g, '\\$&')}(?:\r\n|--)`),
  );
  const [contentFile, signatureFile] = [join(directory, 'signed'), join(directory, 'signature')];
  await writeFile(contentFile, content, 'latin1');
  await writeFile(signatureFile, signature.slice(signature.indexOf('-----BEGIN')), 'latin1');
  return status(home, ['--verify', signatureFile, contentFile], Buffer.alloc(0)).lines;
}

async function complaintsAbout(mail: HeldOutMail, raw: Buffer, home: string, cast: Cast, directory: string) {
  const complaints = complaintsAboutForm(raw);
  const opened = candidates(raw)
    .map((found) => status(home, ['--decrypt'], found))
    .filter(({ lines }) => lines.includes('DECRYPTION_OKAY'));
  const { encryption, openedParts = [], signature, signer, entity } = mail.expect;
  const least = Math.max(openedParts.length, encryption === 'none' ? 0 : 1);
  if (UNOPENABLE.has(mail.name) ? opened.length > 0 : opened.length < least)
    complaints.push(`${opened.length} open`);

  const bodies = [raw, ...opened.map(({ out }) => out)];
  const clearsigned = status(home, ['--verify'], raw).lines;
  const lines = [clearsigned, ...opened.map((one) => one.lines)];
  for (const body of bodies) lines.push(await verified(home, body, directory));
  const said = lines.join('\n');
  const good = signer ? said.includes(`VALIDSIG ${cast.fingerprint(signer)}`) : false;
  if (signature === 'valid' && !good) complaints.push(`gpg finds no good signature by ${signer}`);
  if (signature === 'none' && /GOODSIG|BADSIG|ERRSIG/.test(said)) complaints.push('gpg finds a signature');
  if (signature === 'unknown-key' && !/GOODSIG|BADSIG/.test(said)) complaints.push('gpg finds no signature');
  if (signature === 'invalid' && !/BADSIG|EXPKEYSIG/.test(said))
    complaints.push('gpg finds no bad signature');
  if (entity && !bodies.some((body) => body.includes(Buffer.from(entity))))
    complaints.push('the entity is nowhere');
  return { complaints, opened: opened.map(({ out }) => out) };
}

async function throwAwayList(home: string, name: string): Promise<string> {
  const address = `${name}@lists.example.org`;
  await gpg(home, ['--quick-gen-key', `${name} <${address}>`, 'future-default', 'default', 'never']);
  return String(await gpg(home, ['--armor', '--export', `<${address}>`]));
}

async function main(keep: string | undefined): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'ho-'));
  const [listHome, castHome] = [join(directory, 'l'), join(directory, 'c')];
  for (const home of [listHome, castHome]) await mkdir(home, { mode: 0o700 });
  if (keep) await mkdir(keep, { recursive: true });
  let wrong = 0;
  try {
    const cast = await makeCast({
      home: castHome,
      listCertificate: await throwAwayList(listHome, 'linux-distros'),
      secondListCertificate: await throwAwayList(listHome, 'distros'),
    });
    for (const name of Object.keys(people) as CastName[])
      await gpg(listHome, ['--import'], cast.certificate(name));
    const done = new Set<string>();
    for (const mail of heldOut) {
      const early = (mail.after ?? [])
        .filter((name) => !done.has(name))
        .map((name) => `comes before ${name}`);
      const { raw } = await mail.build(cast, {
        caseNumberOf: (name) => `VS-2026-${1000 + heldOut.findIndex((other) => other.name === name)}`,
        messageIdOf: (name) => `<list-${name}@lists.example.org>`,
      });
      done.add(mail.name);
      const { complaints, opened } = await complaintsAbout(mail, Buffer.from(raw), listHome, cast, directory);
      const all = [...early, ...complaints];
      if (keep) await writeFile(join(keep, `${mail.name}.eml`), raw);
      for (const [index, out] of keep ? opened.entries() : [])
        await writeFile(join(keep ?? '', `${mail.name}.${index}.opened`), out);
      process.stdout.write(`${all.length ? 'WRONG' : 'ok   '} ${mail.name} (${opened.length} opened)\n`);
      for (const complaint of all) process.stdout.write(`      ${complaint}\n`);
      wrong += all.length ? 1 : 0;
    }
    await cast.close();
  } finally {
    await stopAgent(listHome);
    await stopAgent(castHome);
    await rm(directory, { recursive: true, force: true });
  }
  process.stdout.write(`${heldOut.length} mails, ${wrong} wrong\n`);
  return wrong === 0 && heldOut.length === 60 ? 0 : 1;
}

process.exitCode = await main(process.argv[2]);
