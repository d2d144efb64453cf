// Folded stacks (`root;caller;leaf COUNT`) as a tree of frames, and where each frame's box stands. Pure; what draws it is pages/flame-graph.tsx.

export type Frame = { readonly name: string; samples: number; self: number; readonly children: Map<string, Frame> };
export type FrameBox = {
  readonly frame: Frame;
  readonly depth: number /** Shares of the shown width, 0 … 1. */;
  readonly left: number;
  readonly width: number;
  readonly path: string;
};

const newFrame = (name: string): Frame => ({ name, samples: 0, self: 0, children: new Map() });

/** How a profile was recorded: the line before its stacks (page-routes.ts, profile). Slots in `silent` did not answer. */
export type Recording = {
  readonly slots: number;
  readonly samples: number;
  readonly idle: number;
  readonly intervalUs: number;
  readonly silent: readonly string[];
};

export function recordingOf(text: string): Recording | undefined {
  const found = /^# slots=(\d+) samples=(\d+) idle=(\d+) intervalUs=(\d+) silent=([\d,]*);/m.exec(text);
  if (found === null) return undefined;
  const [slots, samples, idle, intervalUs] = found.slice(1, 5).map(Number);
  return {
    slots: slots!,
    samples: samples!,
    idle: idle!,
    intervalUs: intervalUs!,
    silent: (found[5] ?? '').split(',').filter((s) => s !== ''),
  };
}

export function unfold(text: string): Frame {
  const root = newFrame('all');
  for (const line of text.split('\n')) {
    const cut = line.lastIndexOf(' ');
    const samples = Number(line.slice(cut + 1));
    if (cut <= 0 || !(samples > 0) || line.startsWith('#')) continue;
    let at = root;
    root.samples += samples;
    for (const name of line.slice(0, cut).split(';')) {
      let next = at.children.get(name);
      if (next === undefined) at.children.set(name, (next = newFrame(name)));
      next.samples += samples;
      at = next;
    }
    at.self += samples;
  }
  return root;
}

/** Boxes of a tree, its root over the whole width, wider siblings first. Boxes narrower than `least` are left out, and all below them. */
export function frameBoxes(root: Frame, least: number, path = ''): readonly FrameBox[] {
  const boxes: FrameBox[] = [];
  const put = (frame: Frame, depth: number, left: number, at: string): void => {
    const width = root.samples === 0 ? 0 : frame.samples / root.samples;
    if (width < least) return;
    boxes.push({ frame, depth, left, width, path: at });
    let from = left;
    for (const child of [...frame.children.values()].sort((a, b) => b.samples - a.samples || (a.name < b.name ? -1 : 1))) {
      put(child, depth + 1, from, at === '' ? child.name : `${at};${child.name}`);
      from += child.samples / root.samples;
    }
  };
  put(root, 0, 0, path);
  return boxes;
}

/** The frame at a path of names; the root when there is none any more. */
export function frameAt(root: Frame, path: string): Frame {
  let at = root;
  for (const name of path === '' ? [] : path.split(';')) {
    const next = at.children.get(name);
    if (next === undefined) return root;
    at = next;
  }
  return at;
}

/** Whose code a frame is, for its colour. The server marks frames of the engine with `(emberloom)`; a user's have file and line. */
export function ownerOf(name: string): 'user' | 'engine' | 'node' | 'idle' {
  if (/^\((idle|program)\)|^(slot \d+|main|driver)$/.test(name)) return 'idle';
  if (/\(emberloom\)$|emberloom\/(src|dist)\/|(executor|worker|driver|runtime)(\.main)?\.cjs/.test(name)) return 'engine';
  return /\((?!node:).*:\d+\)$/.test(name) ? 'user' : 'node';
}

/** Frames by their own samples, the most expensive first. A frame that stands in several places counts once. */
export function hottest(root: Frame, most: number): readonly { readonly name: string; readonly self: number; readonly samples: number }[] {
  const by = new Map<string, { name: string; self: number; samples: number }>();
  const visit = (frame: Frame, above: ReadonlySet<string>): void => {
    const known = by.get(frame.name) ?? { name: frame.name, self: 0, samples: 0 };
    known.self += frame.self;
    // Not again inside itself: recursion would count its samples twice.
    if (!above.has(frame.name)) known.samples += frame.samples;
    by.set(frame.name, known);
    const below = new Set(above).add(frame.name);
    for (const child of frame.children.values()) visit(child, below);
  };
  for (const child of root.children.values()) visit(child, new Set());
  return [...by.values()]
    .filter((f) => f.self > 0)
    .sort((a, b) => b.self - a.self)
    .slice(0, most);
}
