import PostalMime from 'postal-mime';
import type { HtmlToText } from '../../message/open/opening-tools.ts';

/** Reducing costs time in proportion; beyond this an HTML body is no letter. What is cut stays in the entity. */
const maximumHtml = 2 * 1024 * 1024;

const boundary = 'embargod-html';

/**
 * HTML as plain text, by postal-mime's own reduction: it is linear, knows the entities and keeps links readable.
 * It makes text of HTML only where a mail has both, so the HTML is handed over beside an empty text part.
 */
export const htmlToText: HtmlToText = async (html) => {
  const body = Buffer.from(html.slice(0, maximumHtml)).toString('base64');
  const mail = [
    `Content-Type: multipart/mixed; boundary=${boundary}`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain',
    '',
    '',
    `--${boundary}`,
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    body,
    `--${boundary}--`,
    '',
  ].join('\r\n');
  try {
    return ((await PostalMime.parse(mail)).text ?? '').trim();
  } catch {
    // Text for people is a service; the entity carries the HTML itself to every reader.
    return '';
  }
};
