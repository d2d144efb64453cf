// What a daemon lends to its pages: ports that the ResourceManager (src/resourcemanager/pages) and the NodeManager (src/nodemanager/pages) fill. The
// routes (rm-routes.ts, nm-routes.ts) ask them; nothing here knows a daemon.
import type { ApplicationView } from './model/application.ts';
import type { AppReader } from './model/applications.ts';
import type { LogFile, LogMatches, LogPart, NodePage } from './model/node-page.ts';
import type { NodeReader, NodeView } from './model/nodes.ts';
import type { QueueTree } from './model/queues.ts';
import type { SettingRow } from './model/settings.ts';
import type { ClusterStrip, Sample, TimeLines } from './model/strip.ts';

/**
 * What the live stream looks at, at most once a second and only while somebody listens. A topic's number differs when what its pages show differs.
 * `facts` are sent as the fields that have changed.
 */
export type LiveSource = {
  readonly facts: () => object;
  readonly versions: () => Readonly<Record<string, number>>;
  /** It looks at something that is no more (another ResourceManager is the active one): streams end, and pages connect anew. */
  readonly isOver?: () => boolean;
};

/**
 * @typeParam W who asks, as the daemon's authentication found him
 * @typeParam A the daemon's own object of an application, @typeParam N of a node; they never leave it
 */
export type ClusterSource<W, A = unknown, N = unknown> = LiveSource &
  LogsSource<W> & {
    readonly strip: () => ClusterStrip;
    readonly lines: () => TimeLines;
    /** Calls `hear` with each new sample; the answer ends that. */
    readonly onSample: (hear: (sample: Sample) => void) => () => void;
    /** As much of them as `who` may see. */
    readonly applications: (who: W) => Promise<AppReader<A>>;
    /**
     * undefined: there is none. @throws AppError when `who` may not see it
     * @param attempt id or number of the one whose containers are wanted; without it the last
     */
    readonly application: (id: string, who: W, attempt?: string) => Promise<ApplicationView | undefined>;
    /** Resolves when it is ordered. @throws AppError */
    readonly kill: (id: string, who: W) => Promise<void>;
    readonly queues: () => QueueTree;
    /** With the names of those containers that `who` may see. */
    readonly nodes: (who: W) => Promise<NodeReader<N>>;
    readonly node: (id: string, who: W) => Promise<NodeView | undefined>;
    /** undefined: `who` may not see them. */
    readonly settings: (who: W) => Promise<readonly SettingRow[] | undefined>;
    readonly version: string;
  };

export type NodeSource<W> = LiveSource &
  LogsSource<W> & {
    /** Of containers that `who` may not view, what anybody may know. */
    readonly page: (who: W) => Promise<NodePage>;
    readonly settings: (who: W) => Promise<readonly SettingRow[] | undefined>;
    readonly version: string;
  };

/** Log files of containers; made of a daemon's ContainerLogs by logs-source.ts. */
export type LogsSource<W> = {
  /** @throws AppError LOG_NOT_FOUND; one that says that `who` may not */
  readonly logFiles: (containerId: string, who: W) => Promise<readonly LogFile[]>;
  readonly logPart: (ask: { containerId: string; file: string; offset: number; length: number }, who: W) => Promise<LogPart>;
  readonly logSearch: (ask: { containerId: string; file: string; text: string; from: number }, who: W) => Promise<LogMatches>;
};
