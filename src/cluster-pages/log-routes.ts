// What the log page asks (/ui-api/logs, listed in page-routes.ts), of either daemon.
import type { LogsSource } from './cluster-source.ts';
import type { UiGet } from './serve-pages.ts';

const MOST_LOG_BYTES = 1024 * 1024;

export function logPageRoutes<W>(get: UiGet<W>, source: LogsSource<W>): void {
  get('/logs/:id', ({ who, params }) => source.logFiles(params['id']!, who));
  get('/logs/:id/part', ({ who, params, query }) =>
    source.logPart(
      {
        containerId: params['id']!,
        file: query.text('file') ?? '',
        offset: query.whole('offset', 0),
        length: Math.min(MOST_LOG_BYTES, Math.max(0, query.whole('length', 65_536))),
      },
      who,
    ),
  );
  get('/logs/:id/search', ({ who, params, query }) =>
    source.logSearch(
      {
        containerId: params['id']!,
        file: query.text('file') ?? '',
        text: query.text('text') ?? '',
        from: Math.max(0, query.whole('from', 0)),
      },
      who,
    ),
  );
}
