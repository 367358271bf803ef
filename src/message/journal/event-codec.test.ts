import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { everyEvent } from '../../../test/stand-ins/events.ts';
import { makeCase, textOf } from '../../../test/stand-ins/letters.ts';
import type { Event } from './event.ts';
import { decodeEvent, encodeEvent } from './event-codec.ts';

/** JSON has no undefined: a field that is absent and one that is undefined mean the same to every reader. */
function withoutUndefined(value: unknown): unknown {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutUndefined);
  const kept = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(kept.map(([name, one]) => [name, withoutUndefined(one)]));
}

for (const event of everyEvent) {
  test(`${event.kind} comes back as it was written`, () => {
    assert.deepEqual(decodeEvent(encodeEvent(event)), withoutUndefined(event));
  });
}

test('any bytes of a certificate come back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const [event] = everyEvent.filter((one) => one.kind === 'certificate-added');
      assert.ok(event);
      const written = { ...event, certificate: { ...event.certificate, bytes } };
      const read = decodeEvent(encodeEvent(written));
      assert.deepEqual(read.kind === 'certificate-added' && read.certificate.bytes, new Uint8Array(bytes));
    }),
  );
});

test('a subject that looks like our mark for bytes stays a subject, broken characters too', () => {
  for (const subject of ['{"$bytes":"AAAA"}', '$bytes', '\ud800 alone', '\0\u2028']) {
    const event: Event = { kind: 'case-opened', case: makeCase({ subject }) };
    const read = decodeEvent(encodeEvent(event));
    assert.equal(read.kind === 'case-opened' && read.case.subject, subject);
  }
});

test('what is written is one JSON text, for whoever opens it in twenty years', () => {
  for (const event of everyEvent) assert.equal(JSON.parse(textOf(encodeEvent(event))).kind, event.kind);
});
