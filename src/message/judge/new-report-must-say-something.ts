import { splitEntity, walk } from '../../mail/split-entity.ts';
import { type Rule, waitsForAnAdministrator } from './rule.ts';

/**
 * A gpg that failed in a pipe, or a program that lost the body, sends a mail without any content. It would open a case
 * about nothing and tell its author that all is well; a person asks them instead.
 */
export const newReportMustSaySomething: Rule = {
  name: 'new-report-must-say-something',
  judge: ({ place, opened }) => {
    if (place.kind !== 'new-report' || opened.text.trim() !== '' || opened.inner.length > 0) return undefined;
    if (opened.unopened.length > 0 || hasAttachment(opened.entity)) return undefined;
    return { kind: 'hold', inside: 'It has neither text nor attachment.', outside: waitsForAnAdministrator };
  },
};

function hasAttachment(bytes: Uint8Array): boolean {
  const split = splitEntity(bytes);
  if (split.kind === 'problem') return true;
  return walk(split.entity).some(
    (entity) => entity.children.length === 0 && !isBlank(entity.body) && isFile(entity),
  );
}

function isFile({
  fileName,
  contentType,
}: Readonly<{ fileName: string | undefined; contentType: { value: string } }>): boolean {
  return fileName !== undefined || !contentType.value.startsWith('text/');
}

function isBlank(body: Uint8Array): boolean {
  return body.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x0a || byte === 0x09);
}
