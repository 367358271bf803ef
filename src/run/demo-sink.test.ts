import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createTransport } from 'nodemailer';
import { parseAddress } from '../mail/address.ts';
import { readConfiguration } from './config/read-configuration.ts';
import type { DemoPerson } from './demo/community.ts';
import { demoMembers, demoReporter } from './demo/community.ts';
import { openDemoKeyring } from './demo/keyring.ts';
import { clearReport, encryptReport } from './demo/report-mail.ts';
import { startDemoSink } from './demo-sink.ts';

const text =
  'domain = "lists.example.org"\ndemo = true\n[sink]\nsmtp = "127.0.0.1:0"\npages = "127.0.0.1:0"\n';
const reader: DemoPerson | undefined = demoMembers
  .flatMap(({ people }) => people)
  .find(({ key }) => key === 'ed25519');

test('the sink keeps what comes by SMTP, shows it sealed and opened, and finds it again after a restart', async () => {
  assert.ok(reader);
  const root = await mkdtemp(join(tmpdir(), 'eds-'));
  const configuration = readConfiguration(root, 'embargod.toml', text);
  const keyring = await openDemoKeyring(join(root, 'demo/gnupg'));
  try {
    await keyring.makeKeys([reader, demoReporter], () => undefined);
    const report = {
      from: demoReporter,
      to: reader.address,
      subject: '[vs] a flaw <b>',
      text: 'Canary <script>alert(1)</script>',
      date: 'Mon, 23 Nov 2026 20:00:00 +0000',
    };
    const sink = await startDemoSink(configuration);
    const transport = createTransport({ host: '127.0.0.1', port: sink.smtpPort, ignoreTLS: true });
    const envelope = { from: demoReporter.address, to: [reader.address] };
    await transport.sendMail({ envelope, raw: await encryptReport(keyring.gpg, report) });
    await transport.sendMail({ envelope, raw: clearReport(report) });
    transport.close();
    const before = await mailbox(sink.pagesPort, reader.address);
    await sink.close();
    const again = await startDemoSink(configuration);
    const after = await mailbox(again.pagesPort, reader.address);
    const opened = await Promise.all(after.links.map((link) => page(again.pagesPort, link)));
    await again.close();
    assert.equal(before.links.length, 2);
    assert.deepEqual(after.links, before.links);
    for (const html of opened) {
      assert.ok(html.includes('Canary &lt;script&gt;'), 'the text is shown, escaped');
      assert.ok(!html.includes('<script'));
      assert.ok(html.includes('Demo:'), 'the page is marked');
    }
    const sealed = opened.find((html) => html.includes('BEGIN PGP MESSAGE'));
    assert.match(sealed ?? '', /Good signature of Robin Reyes/);
    assert.ok(opened.some((html) => html.includes('>in clear<')));
  } finally {
    await keyring.gpg.close();
    await rm(root, { recursive: true, force: true });
  }
});

test('the sink starts for nothing but a demo', async () => {
  const configuration = readConfiguration('/nowhere', 'embargod.toml', 'domain = "lists.example.org"\n');
  await assert.rejects(startDemoSink(configuration), /for a demo only/);
});

test('everybody in the demo has one address, under a domain that exists nowhere', () => {
  const people = [...demoMembers.flatMap((member) => member.people), demoReporter];
  assert.equal(new Set(people.map(({ address }) => address)).size, people.length);
  for (const { address } of people) {
    assert.equal(parseAddress(address), address);
    assert.match(address, /\.example$/);
  }
});

async function page(port: number, path: string): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}${path}`)).text();
}

async function mailbox(port: number, address: string) {
  const html = await page(port, `/mailbox/${encodeURIComponent(address)}`);
  return { links: [...html.matchAll(/href="(\/mailbox\/[^"/]+\/[^"/]+)"/g)].map(([, link]) => link ?? '') };
}
