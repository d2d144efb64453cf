// The addresses of the pages and of what only the pages ask (/ui/api): one list for the servers (driver's 4040, history's 18080), the pages
// themselves and their tests. Everything else the pages read comes from the REST API (/api/v1). The files are served by page-files.ts.
import type { ApplicationInfo } from '../store/api-types.ts';

/** Below the application's base. Source: the tabs of Spark's SparkUI. */
export const APPLICATION_PAGES = [
  '/jobs/',
  '/jobs/job/',
  '/stages/',
  '/stages/stage/',
  '/storage/',
  '/storage/rdd/',
  '/environment/',
  '/executors/',
  '/executors/threadDump/',
  '/executors/flameGraph/',
  '/SQL/',
  '/SQL/execution/',
] as const;
/** Below the history server's root. */
export const HISTORY_PAGES = ['/', '/compare/'] as const;
export type PageName = (typeof APPLICATION_PAGES)[number] | (typeof HISTORY_PAGES)[number];

/**
 * What the pages ask besides /api/v1. An application's routes stand below its base: `/ui/api/…` in the driver, `/history/ID[/ATTEMPT]/ui/api/…` in
 * the history server. Answers are JSON; times are ms since 1970. 404 means: this server has no such thing, and the page leaves it out.
 *
 *     alarms                               Alarm[] (status-view.ts)
 *     jobs/errors                          Record<job id, why it failed>: a job may end without a failed stage; Spark's REST API has no such field
 *     stages/N/A/timeline                  TaskTimeline
 *     stages/N/A/tasks?offset=0&length=20&sortBy=duration&descending=true&status=FAILED,KILLED&search=text
 *                                          TaskTable: tasks as the REST API's taskList; sortBy is a field of TaskData or of TaskMetrics
 *     stages/N/A/executors                 Record<executor id, ExecutorStageSummary>
 *     stages/N/graph                       StageGraph
 *     stages/N/jobs                        number[]: jobs that want the stage
 *     pools                                PoolInfo[], only with spark.scheduler.mode=FAIR
 *     executors/ID/profile?seconds=5       text/plain: one line per stack, `root;caller;leaf COUNT`, frames as `name (file.ts:line)`,
 *                                          and before them how it was recorded: `# slots=2 samples=9604 idle=120 intervalUs=1003 silent=;`
 *     live                                 text/event-stream: an event each time that StatusView.version has grown, at most one a second
 * History server, below its root:
 *     /ui/api/logs                         { fault?, logs: [{ key, note?, readFraction?, … }] }: what was read and what is wrong with it
 *     /ui/api/compare?left=ID[/ATTEMPT]&right=…  Comparison (src/status/comparison.ts)
 *     /ui/api/applications?offset=0&length=20&sortBy=startTime&descending=true&search=text&completed=true
 *                                          ApplicationTable: applications as the REST API's; sortBy: id, name, startTime, endTime, duration, sparkUser
 * Kills are Spark's own: POST /jobs/job/kill/?id=N and POST /stages/stage/kill/?id=N.
 */
export const UI_API = '/ui/api';

export type TaskTable<Task> = { readonly total: number; readonly tasks: readonly Task[] };
export type ApplicationTable<Application = ApplicationInfo> = { readonly total: number; readonly applications: readonly Application[] };
export type { PoolInfo } from '../rest/app-source.ts';

/** Where an address stands. `root` is what a proxy or the server put in front, without a slash at its end. */
export type Place = {
  readonly root: string;
  /** undefined in the driver: there is only one. */
  readonly appId: string | undefined;
  readonly attemptId: string | undefined;
  readonly page: PageName | undefined;
};

const HISTORY = /^(.*?)\/history\/([^/]+)(?:\/(\d+))?(\/.*)?$/;
const slash = (path: string): string => (path.endsWith('/') ? path : `${path}/`);

/** Reads an address's path. Page names match with and without the slash at the end, as Spark's do. */
export function placeOf(pathname: string): Place {
  const inside = HISTORY.exec(pathname);
  const rest = slash(inside ? (inside[4] ?? '') : pathname);
  const page = APPLICATION_PAGES.filter((p) => rest === p || (!inside && rest.endsWith(p))).sort((a, b) => b.length - a.length)[0];
  if (inside) {
    const appId = decodeURIComponent(inside[2] ?? '');
    return { root: inside[1] ?? '', appId, attemptId: inside[3], page };
  }
  if (page !== undefined) return { root: rest.slice(0, -page.length), appId: undefined, attemptId: undefined, page };
  const compare = rest.endsWith('/compare/');
  const root = compare ? rest.slice(0, -'/compare/'.length) : rest.slice(0, -1);
  return { root, appId: undefined, attemptId: undefined, page: compare ? '/compare/' : '/' };
}

/** The path of an application's pages: in the driver the root itself. */
export function baseOf({ root, appId, attemptId }: Pick<Place, 'root' | 'appId' | 'attemptId'>): string {
  if (appId === undefined) return root;
  return `${root}/history/${encodeURIComponent(appId)}${attemptId === undefined ? '' : `/${attemptId}`}`;
}
