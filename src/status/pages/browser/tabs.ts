// The letter after `g` that goes to a tab of an application's pages.
import type { PageName } from '../page-routes.ts';

export const TAB_KEYS: Readonly<Record<string, readonly [PageName, string]>> = {
  j: ['/jobs/', 'Jobs'],
  s: ['/stages/', 'Stages'],
  t: ['/storage/', 'Storage'],
  e: ['/environment/', 'Environment'],
  x: ['/executors/', 'Executors'],
  q: ['/SQL/', 'SQL'],
};
