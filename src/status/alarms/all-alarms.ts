// Every rule about an application's state, worst first. A rule is one file: what it looks at, its limits, its sentences.
import type { StatusStore } from '../store/status-store.ts';
import type { Alarm } from '../store/status-view.ts';

export function allAlarms(_store: StatusStore): readonly Alarm[] {
  return [];
}
