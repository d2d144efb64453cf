// Whether an ask that comes again is the one that stands already, with another count perhaps. Else it is another ask, and stands anew.
import { sameResource } from '../../../../common/resource.ts';
import type { Want } from '../scheduler-port.ts';
import type { Ask } from './line.ts';

export const sameWant = (ask: Ask, want: Want, label: string): boolean =>
  ask.priority === want.priority &&
  ask.label === label &&
  ask.forDriver === (want.forDriver ?? false) &&
  ask.relaxLocality === (want.relaxLocality ?? true) &&
  sameResource(ask.resource, want.resource) &&
  sameList(ask.hosts, want.hosts) &&
  (want.racks === undefined ? ask.racks.length === 0 : sameList(ask.racks, want.racks));

function sameList(a: readonly string[], b: readonly string[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
