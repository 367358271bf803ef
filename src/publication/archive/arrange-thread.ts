/**
 * The tree of a thread, by the rules of JWZ's message threading: References and In-Reply-To only, never the order in
 * which mail arrived. The same set of postings gives the same tree, with parents that are missing or come late.
 */
import type { MessageId } from '../../mail/letter-head.ts';
import type { Instant } from '../../time/instant.ts';

export type Threaded = Readonly<{
  id: MessageId;
  /** Ids that it answers, the oldest first and the nearest last. */
  answers: readonly MessageId[];
  postedAt: Instant;
}>;

/** In reading order. `missing`: somebody answers it, the archive has not got it. Depth 0 is a root. */
export type ThreadEntry<P> =
  | Readonly<{ kind: 'posting'; posting: P; depth: number; parent: MessageId | undefined }>
  | Readonly<{ kind: 'missing'; id: MessageId; depth: number }>;

type Node<P> = {
  readonly id: MessageId;
  posting: P | undefined;
  parent: Node<P> | undefined;
  children: Node<P>[];
};

export function arrangeThread<P extends Threaded>(postings: readonly P[]): readonly ThreadEntry<P>[] {
  const nodes = linkNodes(postings.toSorted(inOrder));
  const roots = [...nodes.values()].filter(({ parent }) => parent === undefined);
  return readingOrder(roots, earliestOf(nodes));
}

function inOrder(left: Threaded, right: Threaded): number {
  return left.postedAt - right.postedAt || (left.id < right.id ? -1 : 1);
}

function linkNodes<P extends Threaded>(postings: readonly P[]): ReadonlyMap<MessageId, Node<P>> {
  const nodes = new Map<MessageId, Node<P>>();
  const nodeOf = (id: MessageId): Node<P> => {
    const known = nodes.get(id);
    if (known) return known;
    const made: Node<P> = { id, posting: undefined, parent: undefined, children: [] };
    nodes.set(id, made);
    return made;
  };
  for (const posting of postings) nodeOf(posting.id).posting ??= posting;
  // What a posting says of itself comes before what others say of it: two rounds, and arrival plays no part.
  for (const { id, answers } of postings) {
    const nearest = answers.findLast((answered) => answered !== id);
    if (nearest) link(nodeOf(nearest), nodeOf(id));
  }
  for (const { answers } of postings)
    for (let at = 1; at < answers.length; at += 1) {
      const [older, newer] = [answers[at - 1], answers[at]];
      // Only for those that are missing: one that is here has said itself what it answers.
      if (older && newer && nodeOf(newer).posting === undefined) link(nodeOf(older), nodeOf(newer));
    }
  return nodes;
}

/** A parent is set once; one that would close a circle is not. */
function link<P>(parent: Node<P>, child: Node<P>): void {
  if (child.parent || isWithin(parent, child)) return;
  child.parent = parent;
  parent.children.push(child);
}

function isWithin<P>(node: Node<P>, ancestor: Node<P>): boolean {
  for (let at: Node<P> | undefined = node; at; at = at.parent) if (at === ancestor) return true;
  return false;
}

/** The instant of the earliest posting in each tree: what siblings are ordered by, whoever is missing. */
function earliestOf<P extends Threaded>(
  nodes: ReadonlyMap<MessageId, Node<P>>,
): ReadonlyMap<Node<P>, number> {
  const earliest = new Map<Node<P>, number>();
  for (const node of nodes.values()) {
    if (!node.posting) continue;
    const { postedAt: at } = node.posting;
    for (let up: Node<P> | undefined = node; up; up = up.parent) {
      if ((earliest.get(up) ?? Number.POSITIVE_INFINITY) <= at) break;
      earliest.set(up, at);
    }
  }
  return earliest;
}

function readingOrder<P extends Threaded>(
  roots: readonly Node<P>[],
  earliest: ReadonlyMap<Node<P>, number>,
): readonly ThreadEntry<P>[] {
  const sorted = (nodes: readonly Node<P>[]) =>
    nodes
      .filter((node) => earliest.has(node))
      .toSorted(
        (left, right) =>
          (earliest.get(left) ?? 0) - (earliest.get(right) ?? 0) || (left.id < right.id ? -1 : 1),
      );
  const entries: ThreadEntry<P>[] = [];
  const waiting = sorted(roots)
    .map((node) => ({ node, depth: 0 }))
    .reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, depth } = next;
    const children = sorted(node.children);
    // JWZ step 4: one that is missing is shown only where it holds several answers together.
    const shown = node.posting !== undefined || (depth === 0 && children.length > 1);
    if (node.posting)
      entries.push({ kind: 'posting', posting: node.posting, depth, parent: node.parent?.id });
    else if (shown) entries.push({ kind: 'missing', id: node.id, depth });
    for (const child of children.toReversed()) waiting.push({ node: child, depth: depth + (shown ? 1 : 0) });
  }
  return entries;
}
