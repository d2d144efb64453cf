// Which applications a list is about: the query parameters of GET /ws/v1/cluster/apps. Source: YARN's RMWebServices.getApps, ApplicationsRequestBuilder.
import { badRequest } from '../../web/web-error.ts';
import type { Query } from '../../web/query.ts';
import type { Cluster } from '../core/cluster.ts';
import type { Application } from '../core/entities.ts';
import { queueName } from '../core/reports.ts';

export const APPLICATION_STATES = ['NEW', 'NEW_SAVING', 'SUBMITTED', 'ACCEPTED', 'RUNNING', 'FINISHED', 'FAILED', 'KILLED'] as const;
const FINAL_STATES = ['UNDEFINED', 'SUCCEEDED', 'FAILED', 'KILLED', 'ENDED'] as const;

/** Comma-separated, any case, also given several times. @throws WebError 400 */
export function statesOf(query: Query, name: string): Set<string> {
  return new Set(
    query.words(name).map((word) => {
      const state = word.toUpperCase();
      if (!(APPLICATION_STATES as readonly string[]).includes(state))
        throw badRequest(`Invalid application-state ${word} specified. It should be one of [${APPLICATION_STATES.join(', ')}]`);
      return state;
    }),
  );
}

/** A time in ms. @throws WebError 400 in YARN's words */
function time(query: Query, name: string, fallback: number): number {
  const value = query.whole(name, fallback);
  if (value < 0) throw badRequest(`${name} must be greater than 0`);
  return value;
}

function span(query: Query, name: string): readonly [number, number] {
  const [begin, end] = [time(query, `${name}TimeBegin`, 0), time(query, `${name}TimeEnd`, Number.MAX_SAFE_INTEGER)];
  if (begin > end) throw badRequest(`${name}TimeEnd must be greater than ${name}TimeBegin`);
  return [begin, end];
}

/** @returns in the order of submission, the newest first; not more than `limit` @throws WebError 400 */
export function filteredApps(cluster: Cluster, query: Query): Application[] {
  const states = new Set([...statesOf(query, 'states'), ...statesOf(query, 'state')]);
  const finalStatus = query.text('finalStatus')?.toUpperCase();
  if (finalStatus !== undefined && !(FINAL_STATES as readonly string[]).includes(finalStatus))
    throw badRequest(`No enum constant org.apache.hadoop.yarn.api.records.FinalApplicationStatus.${finalStatus}`);
  const limit = query.whole('limit', Number.MAX_SAFE_INTEGER);
  if (query.text('limit') !== undefined && limit <= 0) throw badRequest('limit value must be greater then 0');
  const [startedFrom, startedTo] = span(query, 'started');
  const [endedFrom, endedTo] = span(query, 'finished');
  const types = new Set(query.words('applicationTypes').map((t) => t.toLowerCase()));
  const tags = new Set(query.words('applicationTags').map((t) => t.toLowerCase()));
  const [user, queues, name] = [query.text('user'), query.words('queue'), query.text('name')];
  const wanted = (a: Application): boolean => {
    const { submission: s, state, submittedAtMs } = a;
    const ending = 'ending' in state ? state.ending : undefined;
    const endedAtMs = ending?.finishedAtMs ?? 0;
    return (
      (states.size === 0 || states.has(state.tag)) &&
      (finalStatus === undefined || (ending?.finalStatus ?? 'UNDEFINED') === finalStatus) &&
      (user === undefined || s.user === user) &&
      (queues.length === 0 || queues.some((queue) => s.queue === queue || queueName(cluster, s.queue) === queue)) &&
      (name === undefined || s.name === name) &&
      (types.size === 0 || types.has(s.type.toLowerCase())) &&
      (tags.size === 0 || s.tags.some((tag) => tags.has(tag.toLowerCase()))) &&
      submittedAtMs >= startedFrom &&
      submittedAtMs <= startedTo &&
      endedAtMs >= endedFrom &&
      endedAtMs <= endedTo
    );
  };
  const found: Application[] = [];
  const all = [...cluster.applications.values()];
  for (let i = all.length - 1; i >= 0 && found.length < limit; i--) if (wanted(all[i]!)) found.push(all[i]!);
  return found;
}
