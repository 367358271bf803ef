import assert from 'node:assert/strict';
import { test } from 'node:test';
import { corpusMails, corpusMissing } from '../../../test/fixtures/mail/kernel-hardening.ts';
import { tools } from '../../../test/fixtures/mail/opening-bench.ts';
import { openMail } from '../../message/open/open-mail.ts';
import { instantFromMilliseconds } from '../../time/instant.ts';

test('1,500 mails of a public list open in clear, their bodies byte for byte', {
  skip: corpusMissing,
}, async () => {
  const verdicts = new Map<string, number>();
  for (const archived of corpusMails()) {
    // SMTP brings CRLF.
    const raw = Buffer.from(archived.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
    const task = { raw, listKeyIds: [], certificates: [], now: instantFromMilliseconds(1_795_000_000_000) };
    const opened = await openMail(task, async () => undefined, tools);
    assert.ok(!('kind' in opened));
    assert.deepEqual([opened.encryption.kind, opened.inner.length, opened.unopened.length], ['none', 0, 0]);
    assert.notEqual(opened.text, '');
    const body = raw.subarray(raw.indexOf('\r\n\r\n') + 4);
    assert.ok(Buffer.from(opened.entity).subarray(-body.length).equals(body));
    verdicts.set(opened.signature.kind, (verdicts.get(opened.signature.kind) ?? 0) + 1);
  }
  assert.deepEqual([...verdicts.keys()].sort(), ['none', 'unknown-key']);
});
