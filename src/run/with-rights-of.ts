/**
 * Root does work in another user's folder with that user's rights alone: whoever took that user over may have planted links
 * there, and root would write, copy and give away what they lead to.
 */
export async function withRightsOf<T>(
  owner: Readonly<{ uid: number; gid: number }>,
  work: () => Promise<T>,
): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (!isRoot || owner.uid === 0) return work();
  const [group, groups] = [process.getegid?.() ?? 0, process.getgroups?.() ?? []];
  process.setgroups?.([owner.gid]);
  process.setegid?.(owner.gid);
  process.seteuid?.(owner.uid);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(group);
    process.setgroups?.(groups);
  }
}
