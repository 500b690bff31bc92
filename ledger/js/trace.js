/* The history of a lot or unit: the plain closure of the event graph. As `ledger/lots/trace.py`, which says why.
 *
 * KNOWN LIMIT: a unit used again brings the journeys of all its loads, since the closure does not look at times.
 */

/** The events about each object, by position; `moves`: a `Map` of movements by position, rising. */
export class Edges {
  constructor(moves) {
    this.about = new Map();
    for (const [position, each] of moves) {
      for (const uri of each.touched) {
        if (!this.about.has(uri)) this.about.set(uri, []);
        this.about.get(uri).push([position, each]);
      }
    }
  }

  entriesOf(uri) {
    return this.about.get(uri) ?? [];
  }
}

/** The positions of the closure in one direction, and the objects that were followed whole. */
export function history(edges, subject, back) {
  const walk = new Walk(edges, subject, back);
  walk.run();
  return { entries: walk.found, followed: walk.whole };
}

/** One closure. `whole`: objects followed with their contents; `carried`: a carrier followed for one child's sake. */
class Walk {
  constructor(edges, subject, back) {
    Object.assign(this, { edges, subject, back });
    this.found = new Set();
    this.whole = new Set();
    this.carried = new Set();
    this.waiting = [[subject, null]];
  }

  run() {
    for (let at = 0; at < this.waiting.length; at += 1) {
      const [uri, child] = this.waiting[at];
      const pair = `${uri}\n${child}`;
      // A carrier followed whole has brought more than following it for one child would.
      if (this.whole.has(uri) || (child !== null && this.carried.has(pair))) continue;
      if (child === null) this.whole.add(uri);
      else this.carried.add(pair);
      for (const [position, moves] of this.edges.entriesOf(uri)) this.visit(position, moves, uri, child);
    }
  }

  /** One event about `uri`: whether it belongs, and where it leads. */
  visit(position, moves, uri, child) {
    const [sources, products] = this.back ? [moves.used, moves.made] : [moves.made, moves.used];
    if (products.has(uri)) {
      // What made a carrier says nothing of the child; what a carrier was used up in, the child went into.
      if (child !== null && sources.size && this.back) return;
      this.found.add(position);
      this.follow(sources);
    } else if (sources.has(uri)) {
      if (uri === this.subject || !products.size) this.found.add(position);
    } else if (moves.parent === uri) {
      if (child !== null && moves.children.size && !moves.children.has(child)) return;
      this.found.add(position);
      if (child === null) this.follow(moves.children);
    } else {
      this.found.add(position);
      if (moves.parent !== null && moves.children.has(uri)) this.waiting.push([moves.parent, uri]);
    }
  }

  follow(objects) {
    for (const uri of objects) if (!this.whole.has(uri)) this.waiting.push([uri, null]);
  }
}
