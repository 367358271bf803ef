/** `[vs]` marks a report, `[vs-plain]` one that travelled in clear (FIELD §2). Case does not matter. */
const tag = /\[vs(-plain)?\]/i;
const replyPrefix = /^\s*((re|aw|sv|antw|fwd?|tr|wg)(\[\d+\])?\s*:\s*)+/i;

export function hasTag(subject: string): boolean {
  return tag.test(subject);
}

/** A tag that somebody typed for a new topic: the subject is no reply. */
export function hasNewReportTag(subject: string): boolean {
  return hasTag(subject) && !replyPrefix.test(subject);
}

/** The subject without reply marks and tags, for people's eyes and for comparing topics. */
export function bareSubject(subject: string): string {
  return subject.replace(replyPrefix, '').replace(tag, '').replace(/\s+/g, ' ').trim();
}
