// Nodes with their containers, as the page draws them to scale. The server cuts the list to one page: there may be 10,000. Plain data.
import { selectPage, type TableQuery } from './select-page.ts';

export type NodeContainer = {
  readonly id: string;
  readonly applicationId: string;
  readonly applicationName: string;
  readonly user: string;
  readonly state: string;
  readonly memoryMb: number;
  readonly vcores: number;
};

export type NodeView = {
  readonly id: string;
  readonly host: string;
  readonly rack: string;
  readonly state: string;
  readonly labels: readonly string[];
  /** Why it is unhealthy; '' when it is well. */
  readonly healthReport: string;
  /** `http://host:port`, '' where it is not known. */
  readonly http: string;
  readonly version: string;
  readonly lastHeartbeatMs: number;
  readonly capacity: { readonly memoryMb: number; readonly vcores: number; readonly others: Readonly<Record<string, number>> };
  readonly used: { readonly memoryMb: number; readonly vcores: number; readonly others: Readonly<Record<string, number>> };
  readonly containers: readonly NodeContainer[];
  /** DECOMMISSIONING: when it is out with what it still runs. 0: it waits for its work. */
  readonly drainByMs: number;
};

export const NODE_SORT_KEYS = ['id', 'state', 'memory', 'vcores', 'containers', 'rack', 'lastHeartbeatMs'] as const;
export type NodeSortKey = (typeof NODE_SORT_KEYS)[number];

/** What a list needs of a node without making its view. */
export type NodeReader<N> = {
  readonly all: () => Iterable<N>;
  readonly state: (node: N) => string;
  /** Id, rack, labels, health report: what the search looks in. */
  readonly text: (node: N) => string;
  readonly sortBy: (node: N, key: NodeSortKey) => number | string;
  readonly view: (node: N) => NodeView;
};
export type NodeQuery = TableQuery<NodeSortKey>;
export type NodeTable = { readonly total: number; readonly byState: Readonly<Record<string, number>>; readonly nodes: readonly NodeView[] };

export function nodeTable<N>(reader: NodeReader<N>, query: NodeQuery): NodeTable {
  const words = query.search.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = new Set(query.states);
  const byState: Record<string, number> = {};
  const found: N[] = [];
  for (const node of reader.all()) {
    if (words.length > 0) {
      const text = reader.text(node).toLowerCase();
      if (!words.every((word) => text.includes(word))) continue;
    }
    const state = reader.state(node);
    byState[state] = (byState[state] ?? 0) + 1;
    if (wanted.size === 0 || wanted.has(state)) found.push(node);
  }
  const keys = found.map((node) => reader.sortBy(node, query.sortBy));
  const sign = query.descending ? -1 : 1;
  const order = (a: number, b: number): number => {
    if (keys[a] !== keys[b]) return keys[a]! < keys[b]! ? -sign : sign;
    return a - b;
  };
  const nodes = selectPage(found.length, order, query.offset, query.length).map((i) => reader.view(found[i]!));
  return { total: found.length, byState, nodes };
}
