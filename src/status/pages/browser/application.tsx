// What every page of an application needs: which one it is, where its data is asked for, its settings and alarms. Fetched once, above the pages.
import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useMemo } from 'preact/hooks';
import type { EnvironmentInfo } from '../../store/api-types.ts';
import type { Alarm } from '../../store/status-view.ts';
import { startLive } from '../../../browser/live.ts';
import type { Application, Attempt } from './rest.ts';
import { useRoute } from './page-links.tsx';
import { type Loaded, useData } from '../../../browser/use-data.ts';
import { type Sources, sourcesOf } from './sources.ts';

export type AppContext = Sources & {
  /** Its pages are the driver's own: there are threads to dump and jobs to kill. */
  readonly isLive: boolean;
  readonly application: Application | undefined;
  readonly attempt: Attempt | undefined;
  readonly environment: EnvironmentInfo | undefined;
  readonly setting: (name: string, usual: string) => string;
  readonly alarms: readonly Alarm[];
  readonly error: string | undefined;
};
const Context = createContext<AppContext | undefined>(undefined);

export function useApp(): AppContext {
  const app = useContext(Context);
  if (app === undefined) throw new Error('there is no ApplicationScope above this component');
  return app;
}

export function ApplicationScope({ children }: { children: ComponentChildren }) {
  const { place } = useRoute();
  const isLive = place.appId === undefined;
  const found = useData<Application | readonly Application[]>(
    isLive ? `${place.root}/api/v1/applications` : `${place.root}/api/v1/applications/${encodeURIComponent(place.appId ?? '')}`,
  );
  const application = Array.isArray(found.data) ? (found.data as readonly Application[])[0] : (found.data as Application | undefined);
  const sources = sourcesOf(place, application?.id);
  const environment = useData<EnvironmentInfo>(sources.api && `${sources.api}/environment`, undefined, false).data;
  const alarms = useData<readonly Alarm[]>(`${sources.ui}/alarms`).data;
  useEffect(() => {
    if (isLive) startLive(`${sources.ui}/live`);
  }, [isLive]);
  const attempt =
    application?.attempts.find((a) => place.attemptId === undefined || a.attemptId === place.attemptId) ?? application?.attempts[0];
  const app = useMemo<AppContext>(() => {
    const settings = new Map((environment?.sparkProperties ?? []).map(([k, v]) => [k, v] as const));
    const setting = (name: string, usual: string): string => settings.get(name) ?? usual;
    return { ...sources, isLive, application, attempt, environment, setting, alarms: alarms ?? [], error: found.error };
  }, [sources.base, sources.api, application, environment, alarms, found.error, attempt]);
  return <Context.Provider value={app}>{children}</Context.Provider>;
}

/** Data of the REST API, below the application. undefined: ask nothing. */
export function useApi<T>(path: string | undefined, read?: (text: string) => T, live = true): Loaded<T> {
  const { api } = useApp();
  return useData<T>(api !== undefined && path !== undefined ? `${api}${path}` : undefined, read, live);
}
/** Data that only the pages ask (page-routes.ts). */
export function useUi<T>(path: string | undefined, read?: (text: string) => T): Loaded<T> {
  const { ui } = useApp();
  return useData<T>(path !== undefined ? `${ui}/${path}` : undefined, read);
}
