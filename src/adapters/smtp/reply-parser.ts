/** One reply of a server (RFC 5321 §4.2): its code, and the text of each line for extensions. */
export type ServerReply = Readonly<{ code: number; lines: readonly string[] }>;

/** Attack: a reply line without an end, to fill our memory. RFC 5321 §4.5.3.1.5 allows 512 octets. */
const maximumLine = 4096;
/** Attack: a reply of endless lines. */
const maximumLines = 128;
/** Attack: replies nobody asked for. We never wait for more than three. */
const maximumWaiting = 8;

/** Takes bytes as they come, gives replies. Once malformed it stays so: what follows cannot be trusted. */
export function replyParser() {
  let text = '';
  let lines: string[] = [];
  let code = 0;
  let broken = false;
  const takeLine = (line: string, found: ServerReply[]) => {
    const read = /^([2-5]\d\d)(?:([ -])(.*))?$/.exec(line);
    const lineCode = Number(read?.[1] ?? 0);
    if (!read || (lines.length > 0 && lineCode !== code) || lines.length >= maximumLines) {
      broken = true;
      return;
    }
    code = lineCode;
    lines.push(read[3] ?? '');
    if (read[2] === '-') return;
    found.push({ code, lines });
    lines = [];
  };
  return {
    push(bytes: Buffer): readonly ServerReply[] | 'malformed' {
      const found: ServerReply[] = [];
      text += bytes.toString('latin1');
      let start = 0;
      for (let end = text.indexOf('\n'); end >= 0 && !broken; end = text.indexOf('\n', start)) {
        takeLine(text.slice(start, text[end - 1] === '\r' ? end - 1 : end), found);
        start = end + 1;
      }
      text = text.slice(start);
      if (broken || text.length > maximumLine || found.length > maximumWaiting) {
        broken = true;
        return 'malformed';
      }
      return found;
    },
    /** Whether something came that is no whole reply yet. */
    get unfinished(): boolean {
      return text !== '' || lines.length > 0;
    },
  };
}
