// All that the ResourceManager's core can want done. Order is a promise: every save of a batch is committed before anything
// is told (service/run-effects.ts). Macs of container tokens are made where keys are: in the shell.
import type { ApplicationId, AttemptId, NodeId } from '../../common/ids.ts';
import type { Order, Update } from './entities.ts';
import type { ApplicationRecord, AttemptRecord, LabelsRecord, NodeRecord, NodeSizeRecord } from './records.ts';

export type SaveEffect =
  | { readonly tag: 'saveApplication'; readonly record: ApplicationRecord }
  | { readonly tag: 'saveAttempt'; readonly record: AttemptRecord }
  | { readonly tag: 'saveApplicationSeq'; readonly applicationSeq: number }
  | { readonly tag: 'forgetApplication'; readonly id: ApplicationId }
  | { readonly tag: 'saveNode'; readonly record: NodeRecord }
  | { readonly tag: 'forgetNode'; readonly id: NodeId }
  | { readonly tag: 'saveNodeSize'; readonly record: NodeSizeRecord }
  | { readonly tag: 'forgetNodeSize'; readonly id: NodeId }
  | { readonly tag: 'saveLabels'; readonly record: LabelsRecord };

export type TellEffect =
  | { readonly tag: 'tellNode'; readonly nodeId: NodeId; readonly orders: readonly Order[] }
  | { readonly tag: 'tellDriver'; readonly attemptId: AttemptId; readonly updates: readonly Update[] }
  | { readonly tag: 'shutDownDriver'; readonly attemptId: AttemptId; readonly reason: string }
  /** It hangs: what it may still say is not waited for. */
  | { readonly tag: 'closeDriver'; readonly attemptId: AttemptId }
  /** For those who watch it. */
  | { readonly tag: 'applicationChanged'; readonly id: ApplicationId }
  | { readonly tag: 'log'; readonly level: 'info' | 'warn'; readonly text: string };

export type Effects = { readonly saves: readonly SaveEffect[]; readonly tells: readonly TellEffect[] };
