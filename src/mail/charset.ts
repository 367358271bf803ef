/** Names seen in real mail that the Encoding Standard does not know; all others go to TextDecoder as they are. */
const aliases: Readonly<Record<string, string>> = {
  'utf-7': 'us-ascii',
  utf8mb4: 'utf-8',
  'utf-8n': 'utf-8',
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  cp437: 'windows-1252',
  cp850: 'windows-1252',
  '8bit': 'utf-8',
  unknown: 'utf-8',
  'unknown-8bit': 'utf-8',
  'x-unknown': 'utf-8',
  'default-charset': 'utf-8',
  default: 'utf-8',
};

/**
 * Decodes text in the charset its header claims. Never throws: an unknown charset, or us-ascii with high bytes,
 * is read as UTF-8 when it is that, else as windows-1252, which gives every byte some character.
 */
export function decodeText(bytes: Uint8Array, charset: string | undefined): string {
  const asked = (charset ?? '')
    .trim()
    .toLowerCase()
    .replace(/^["']|["']$/g, '');
  const name = aliases[asked] ?? asked;
  // Much mail that claims ASCII or Latin-1 is UTF-8; text that is valid UTF-8 with high bytes is hardly ever else.
  if (name === '' || isWestern(name) || name === 'utf-8' || name === 'utf8') return guess(bytes);
  try {
    return new TextDecoder(name).decode(bytes);
  } catch {
    return guess(bytes);
  }
}

function isWestern(name: string): boolean {
  return /^(us-?ascii|ascii|ansi_x3\.4.*|iso-?8859-1|iso_8859-1|latin-?1|l1|cp1252|windows-1252|x-cp1252)$/.test(
    name,
  );
}

function guess(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Each byte as the character with its number: for structure only, where offsets in text and bytes must agree. */
export function asLatin1(bytes: Uint8Array): string {
  const pieces: string[] = [];
  const chunk = 8192;
  for (let at = 0; at < bytes.length; at += chunk) {
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + chunk)));
  }
  return pieces.join('');
}

/** The reverse of `asLatin1`; characters above U+00FF lose their upper bits. */
export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}
