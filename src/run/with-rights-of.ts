/**
 * Root does work in another user's folder with that user's rights alone: whoever took that user over may have planted links
 * there, and root would write, copy and give away what they lead to. The rights are the whole process's while it lasts, so
 * only a command that does one thing at a time may use it, and nothing beside it.
 */
export async function withRightsOf<T>(
  owner: Readonly<{ uid: number; gid: number }>,
  work: () => Promise<T>,
): Promise<T> {
  if (lent)
    throw new Error('Rights were given up already: this work would be done with those of another user.');
  if (process.geteuid?.() !== 0 || owner.uid === 0) return work();
  const [group, groups] = [process.getegid?.() ?? 0, process.getgroups?.() ?? []];
  lent = true;
  try {
    process.setgroups?.([owner.gid]);
    process.setegid?.(owner.gid);
    process.seteuid?.(owner.uid);
    return await work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(group);
    process.setgroups?.(groups);
    lent = false;
  }
}

let lent = false;
