// Why an ask is not placed, as data: every parked ask carries one. Sentences, REST diagnostics and activities are made of it elsewhere
// (why-waiting.ts and what builds on it); numbers are those of the moment at which it is read.
import type { Resource } from '../../../common/resource.ts';

export type Obstacle =
  /** Placing it would take the queue (its own or one above it) over its maximum. `percent` of the partition; NaN where the maximum is an absolute resource. */
  | {
      readonly tag: 'queueMaximum';
      readonly queue: string;
      readonly label: string;
      readonly used: Resource;
      readonly maximum: Resource;
      readonly percent: number;
      /** The most that its maximum could be: its parent's, percent of the partition. */
      readonly parentPercent: number;
      /** Of the partition. */
      readonly total: Resource;
    }
  /** The user has what one user may have there. `activeUsers`: users with work that waits, among whom the queue is shared. */
  | {
      readonly tag: 'userLimit';
      readonly queue: string;
      readonly label: string;
      readonly user: string;
      readonly used: Resource;
      readonly limit: Resource;
      readonly activeUsers: number;
    }
  /** As many drivers (YARN's application masters) run as may: of the queue, or of one user when `user` is there. `share` as configured, 0 to 1. */
  | {
      readonly tag: 'driverShare';
      readonly queue: string;
      readonly label: string;
      readonly user: string | undefined;
      readonly used: Resource;
      readonly maximum: Resource;
      readonly share: number;
      /** Of which `maximum` is the share. */
      readonly base: Resource;
    }
  /** As many applications run as may, of the queue or of the user (fair scheduler): this one is held until another ends. */
  | {
      readonly tag: 'runningApps';
      readonly of: 'queue' | 'user';
      readonly name: string;
      readonly running: number;
      readonly maximum: number;
    }
  /** No node has room. `mostFree`: of the roomiest node that takes containers, undefined when none does. */
  | {
      readonly tag: 'noNodeFits';
      readonly label: string;
      readonly mostFree: Resource | undefined;
      readonly used: Resource;
      readonly total: Resource;
    }
  /** It is larger than any node of its partition. */
  | { readonly tag: 'tooLarge'; readonly label: string; readonly largest: Resource }
  /** Not one node of its partition is in the cluster. */
  | { readonly tag: 'noNodes'; readonly label: string }
  /** A node is kept for it until enough containers there have ended. */
  | { readonly tag: 'reserved'; readonly slot: number; readonly host: string; readonly free: Resource; readonly sinceMs: number }
  /** It waits a while for its hosts (or racks) before it takes any node: `missed` of `after` chances have gone by. */
  | { readonly tag: 'locality'; readonly hosts: readonly string[]; readonly missed: number; readonly after: number }
  /** It takes no other hosts or racks than these (relaxLocality false), and they have no room or are not there. */
  | { readonly tag: 'hostsFull'; readonly hosts: readonly string[] }
  /** The queue (after a change of the configuration) may not use nodes of that label. */
  | { readonly tag: 'labelNotAccessible'; readonly queue: string; readonly label: string };
