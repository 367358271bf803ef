/**
 * Checks what stands in clear around the ciphertext (P5): a header, and exactly the two parts of RFC 3156 §4, with
 * nothing before, between or after them that could carry words.
 */
export type EnvelopeFault = 'not-multipart-encrypted' | 'clear-text-around' | 'unsafe-bytes';

/** Attack: a header without an end would be read for each body anew. */
const maximumEnvelope = 64 * 1024;

const beginLine = '-----BEGIN PGP MESSAGE-----';
const endLine = '-----END PGP MESSAGE-----';
/** What the second part may say of itself (RFC 3156 §4 shows the first; the others name the file). */
const partFields = [
  'content-type',
  'content-disposition',
  'content-description',
  'content-transfer-encoding',
];

export function checkEnvelope(envelopeHead: Uint8Array, envelopeEnd: Uint8Array): EnvelopeFault | undefined {
  const head = readLines(envelopeHead);
  const end = readLines(envelopeEnd);
  if (!head || !end) return 'unsafe-bytes';
  const blank = head.indexOf('');
  const boundary = boundaryOf(head.slice(0, Math.max(blank, 0)));
  if (!boundary) return 'not-multipart-encrypted';
  const afterHeader = head.slice(blank + 1);
  if (!isBody(afterHeader, boundary)) return 'clear-text-around';
  const closing = end.filter((line) => line !== '');
  return closing.length === 2 && closing[0] === endLine && closing[1] === `--${boundary}--`
    ? undefined
    : 'clear-text-around';
}

/** Lines without CRLF; undefined unless every byte is printable ASCII, every line ends in CRLF and none begins with a dot. */
function readLines(bytes: Uint8Array): readonly string[] | undefined {
  if (bytes.length > maximumEnvelope) return undefined;
  const text = new TextDecoder('latin1').decode(bytes);
  if (!text.endsWith('\r\n')) return undefined;
  const lines = text.slice(0, -2).split('\r\n');
  return lines.every((line) => /^(?!\.)[\x20-\x7e\t]*$/.test(line)) ? lines : undefined;
}

/** The boundary, when the header says multipart/encrypted for OpenPGP, once and in one way only. */
function boundaryOf(header: readonly string[]): string | undefined {
  const fields = header
    .join('\r\n')
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  if (!fields.every((field) => /^[!-9;-~]+:/.test(field))) return undefined;
  const types = fields.filter((field) => /^content-type[ \t]*:/i.test(field));
  const encodings = fields.filter((field) => /^content-transfer-encoding[ \t]*:/i.test(field));
  if (types.length !== 1 || encodings.some((field) => !/:[ \t]*[78]bit[ \t]*$/i.test(field)))
    return undefined;
  const type = types[0] ?? '';
  if (!/^content-type[ \t]*:[ \t]*multipart\/encrypted[ \t]*;/i.test(type)) return undefined;
  if (!/;[ \t]*protocol="?application\/pgp-encrypted"?[ \t]*(;|$)/i.test(type)) return undefined;
  const boundaries = [...type.matchAll(/;[ \t]*boundary="?([^";\s]{1,70})"?[ \t]*(?=;|$)/gi)];
  return boundaries.length === 1 ? boundaries[0]?.[1] : undefined;
}

/** The control part, then the head of the second part down to the armour's blank line. */
function isBody(lines: readonly string[], boundary: string): boolean {
  const control = [
    `--${boundary}`,
    'Content-Type: application/pgp-encrypted',
    '',
    'Version: 1',
    '',
    `--${boundary}`,
  ];
  if (!control.every((line, index) => lines[index] === line)) return false;
  const second = lines.slice(control.length);
  const blank = second.indexOf('');
  const fields = second
    .slice(0, Math.max(blank, 0))
    .join('\r\n')
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  if (!fields.some((field) => /^content-type:[ \t]*application\/octet-stream[ \t]*(;|$)/i.test(field)))
    return false;
  if (!fields.every((field) => partFields.includes(field.split(':')[0]?.toLowerCase() ?? ''))) return false;
  const armour = second.slice(blank + 1);
  return armour.length === 2 && armour[0] === beginLine && armour[1] === '';
}
