// A node as the ResourceManager sees it. Only RUNNING nodes get new containers, and only while their connection stands
// (which is not a state: a short cut is no news). Source: YARN's NodeState and RMNodeImpl.
import { ignore, move, type Table } from '../../common/machine.ts';

export type NodeState =
  | { readonly tag: 'RUNNING' }
  | { readonly tag: 'UNHEALTHY' }
  | { readonly tag: 'DECOMMISSIONING' }
  | { readonly tag: 'DECOMMISSIONED' }
  | { readonly tag: 'LOST' }
  /** It came back without the containers that ran on it: the machine was restarted. Left again in the same turn. */
  | { readonly tag: 'REBOOTED' };

export type NodeEvent =
  | { readonly tag: 'registered' }
  | { readonly tag: 'rebooted' }
  | { readonly tag: 'healthy' }
  | { readonly tag: 'unhealthy' }
  | { readonly tag: 'expired' }
  | { readonly tag: 'decommission'; readonly graceful: boolean; readonly idle: boolean }
  /** DECOMMISSIONING and its last container has ended, or the time for that is over. */
  | { readonly tag: 'drained' }
  /** It stays after all. Only one on its way out can be told so: who is out has to be started again. */
  | { readonly tag: 'recommission' };

export type NodeEffect =
  | { readonly tag: 'loseContainers'; readonly why: 'lost' | 'decommissioned' | 'rebooted' }
  | { readonly tag: 'orderShutdown' }
  | { readonly tag: 'endDrain' }
  | { readonly tag: 'leave' };

const lost = () => move<NodeState, NodeEffect>({ tag: 'LOST' }, { tag: 'loseContainers', why: 'lost' }, { tag: 'leave' });
const out = () =>
  move<NodeState, NodeEffect>(
    { tag: 'DECOMMISSIONED' },
    { tag: 'loseContainers', why: 'decommissioned' },
    { tag: 'orderShutdown' },
    { tag: 'leave' },
  );
const decommission = (_: unknown, { graceful, idle }: { graceful: boolean; idle: boolean }) =>
  graceful && !idle ? move<NodeState, NodeEffect>({ tag: 'DECOMMISSIONING' }) : out();
const rebooted = () => move<NodeState, NodeEffect>({ tag: 'REBOOTED' }, { tag: 'loseContainers', why: 'rebooted' });
const running = () => move<NodeState, NodeEffect>({ tag: 'RUNNING' });

export const nodeTable: Table<NodeState, NodeEvent, NodeEffect> = {
  RUNNING: {
    registered: ignore('a node registers again on every new connection'),
    rebooted: { to: ['REBOOTED'], run: rebooted },
    healthy: ignore('the usual heartbeat'),
    unhealthy: { to: ['UNHEALTHY'], run: () => move<NodeState, NodeEffect>({ tag: 'UNHEALTHY' }) },
    expired: { to: ['LOST'], run: lost },
    decommission: { to: ['DECOMMISSIONING', 'DECOMMISSIONED'], run: decommission },
    drained: ignore('only a node that is being taken out drains'),
  },
  UNHEALTHY: {
    registered: ignore('its next heartbeat says whether it is healthy again'),
    rebooted: { to: ['REBOOTED'], run: rebooted },
    healthy: { to: ['RUNNING'], run: running },
    unhealthy: ignore('still so'),
    expired: { to: ['LOST'], run: lost },
    decommission: { to: ['DECOMMISSIONING', 'DECOMMISSIONED'], run: decommission },
    drained: ignore('only a node that is being taken out drains'),
  },
  DECOMMISSIONING: {
    registered: ignore('it stays on its way out'),
    rebooted: { to: ['DECOMMISSIONED'], run: out },
    healthy: ignore('health is no matter any more'),
    unhealthy: ignore('health is no matter any more'),
    expired: { to: ['LOST'], run: lost },
    decommission: { to: ['DECOMMISSIONING', 'DECOMMISSIONED'], run: decommission },
    drained: { to: ['DECOMMISSIONED'], run: out },
    // Unhealthy or not: its next heartbeat says so. Source: RMNodeImpl.RecommissionNodeTransition.
    recommission: { to: ['RUNNING'], run: () => move<NodeState, NodeEffect>({ tag: 'RUNNING' }, { tag: 'endDrain' }) },
  },
  // Started again by somebody after it had heard of its shutdown; before that it is let in only to hear of it (node-events.ts).
  DECOMMISSIONED: {
    registered: { to: ['RUNNING'], run: running },
    decommission: ignore('it is out already'),
    drained: ignore('it is out already'),
  },
  LOST: {
    registered: { to: ['RUNNING'], run: running },
    decommission: { to: ['DECOMMISSIONED'], run: () => move<NodeState, NodeEffect>({ tag: 'DECOMMISSIONED' }, { tag: 'orderShutdown' }) },
    drained: ignore('it was lost while it drained'),
  },
  REBOOTED: { registered: { to: ['RUNNING'], run: running } },
};
