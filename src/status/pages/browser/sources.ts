// Where an application's data is asked for: addresses made from where the page stands (page-routes.ts). What asks is src/browser/use-data.ts.
import { baseOf, type Place, UI_API } from '../page-routes.ts';

/** `api` is undefined until the driver has said which application it is. */
export type Sources = { readonly root: string; readonly base: string; readonly api: string | undefined; readonly ui: string };

export function sourcesOf(place: Place, appId: string | undefined): Sources {
  const base = baseOf(place);
  const id = place.appId ?? appId;
  const attempt = place.attemptId === undefined ? '' : `/${place.attemptId}`;
  const api = id === undefined ? undefined : `${place.root}/api/v1/applications/${encodeURIComponent(id)}${attempt}`;
  return { root: place.root, base, api, ui: `${base}${UI_API}` };
}
