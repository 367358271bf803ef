import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maximumHeaderBytes, maximumHeaderFields } from './header-fields.ts';
import { type Entity, maximumDepth, maximumParts, splitEntity, walk } from './split-entity.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (part: Uint8Array) => new TextDecoder().decode(part);

function split(text: string): Entity {
  const result = splitEntity(bytes(text));
  assert.ok(result.kind === 'entity', JSON.stringify(result));
  return result.entity;
}

test('a signed part is exactly what lies between the boundary lines, its last line end not included', () => {
  const part = 'Content-Type: text/plain\r\n\r\nsigned \r\n\r\n';
  const root = split(
    `Content-Type: multipart/signed; boundary=b\r\n\r\npreamble\r\n--b  \r\n${part}\r\n--b\r\n\r\nx\r\n--b--\r\nepilogue`,
  );
  assert.equal(textOf(root.children[0]?.bytes ?? bytes('')), part);
  assert.equal(root.children.length, 2);
});

test('bare LF, no last boundary, and a boundary that begins like another are borne', () => {
  const root = split(
    'Content-Type: multipart/mixed;\n boundary="b"\n\n--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\none\n--bb\n\ntwo\n--b\n\nthree',
  );
  assert.deepEqual(
    walk(root)
      .filter((entity) => entity.children.length === 0)
      .map((entity) => textOf(entity.body)),
    ['one', 'two', 'three'],
  );
});

test('what follows the last boundary is no part', () => {
  const root = split(
    'Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n--b\n\nhidden\n--b--\n',
  );
  assert.equal(root.children.length, 1);
});

test('a forwarded message is split too; a digest’s parts are messages', () => {
  const forwarded = split('Content-Type: message/rfc822\n\nSubject: inner\n\nbody');
  assert.equal(forwarded.children[0]?.fields[0]?.value, 'inner');
  const digest = split('Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\nx\n--b--');
  assert.equal(digest.children[0]?.contentType.value, 'message/rfc822');
  assert.equal(digest.children[0]?.children[0]?.fields[0]?.value, 'one');
});

test('a header may be missing, start with a mailbox line, or stop without a blank line', () => {
  assert.equal(textOf(split('\r\njust text').body), 'just text');
  assert.equal(split('From a@b.example Mon\nSubject: x\n\nbody').fields[0]?.name, 'Subject');
  const stopped = split('Subject: x\nthis is no field\n');
  assert.equal(textOf(stopped.body), 'this is no field\n');
  assert.equal(split('').body.length, 0);
});

test('a From with a blank before its colon is a field, not the separator of a mailbox file', () => {
  // RFC 5322 §4.5. Taken for a separator, it would be an author whom no rule sees beside the second From.
  const { fields } = split('From : mallory@evil.example\nFrom: alice@debian.example\n\nbody');
  assert.deepEqual(
    fields.map(({ lowerName, value }) => [lowerName, value]),
    [
      ['from', 'mallory@evil.example'],
      ['from', 'alice@debian.example'],
    ],
  );
});

test('a file name loses its path, and comes decoded from RFC 2231 pieces', () => {
  const name = (header: string) => split(`${header}\n\n`).fileName;
  assert.equal(name('Content-Disposition: attachment; filename="../../etc/passwd"'), 'passwd');
  assert.equal(name('Content-Disposition: attachment; filename="C:\\\\temp\\\\x.c"'), 'x.c');
  assert.equal(
    name("Content-Disposition: attachment; filename*0*=utf-8''%C3%9C; filename*1=ber; filename*2*=%20a.c"),
    'Über a.c',
  );
  assert.equal(name('Content-Type: text/x-c; name="=?utf-8?Q?=C3=9C.c?="'), 'Ü.c');
  assert.equal(name('Content-Disposition: attachment; filename=".."'), undefined);
});

test('floods of parts, fields, header bytes and nesting are problems, not work', () => {
  const problem = (text: string) => {
    const result = splitEntity(bytes(text));
    return result.kind === 'problem' && result.reason;
  };
  const many = `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\n'.repeat(maximumParts + 2)}`;
  assert.equal(problem(many), 'too-many-parts');
  assert.equal(problem('a:\n'.repeat(maximumHeaderFields + 1)), 'too-many-fields');
  const fields = `--b\n${'a:\n'.repeat(maximumHeaderFields - 1)}\n`;
  assert.equal(
    problem(`Content-Type: multipart/mixed; boundary=b\n\n${fields.repeat(30)}`),
    'too-many-fields',
  );
  assert.equal(problem(`a: ${'x'.repeat(maximumHeaderBytes)}\n\n`), 'header-too-large');
  assert.equal(problem('Content-Type: message/rfc822\n\n'.repeat(maximumDepth + 2)), 'too-deep');
});

const mailLike = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '--b',
        '--b--',
        '--c',
        '--',
        '\n',
        '\r\n',
        '\r',
        '\n\n',
        'Content-Type: multipart/mixed; boundary=b\n',
        'Content-Type: multipart/digest; boundary="c"\n',
        'Content-Type: message/rfc822\n',
        ' folded',
        ':',
        'a:',
        'Content-Disposition: attachment; filename*0*=',
        "utf-8''%",
        '"',
        ';',
        '\0',
        '-----BEGIN PGP MESSAGE-----',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    ),
    { maxLength: 60 },
  )
  .map((pieces) => pieces.join(''));

test('whatever arrives: it never throws, and each part lies in its parent, after the one before', () => {
  fc.assert(
    fc.property(mailLike, (text) => {
      const raw = bytes(text);
      const result = splitEntity(raw);
      if (result.kind === 'problem') return;
      for (const entity of walk(result.entity)) {
        assert.ok(
          entity.start <= entity.bodyStart && entity.bodyStart <= entity.end && entity.end <= raw.length,
        );
        let from = entity.bodyStart;
        for (const child of entity.children) {
          assert.ok(child.start >= from && child.end <= entity.end);
          assert.deepEqual(child.bytes, raw.subarray(child.start, child.end));
          from = child.end;
        }
      }
    }),
    { numRuns: 2_000 },
  );
});
