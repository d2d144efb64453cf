// One queue as a bar: what is in use (over its guarantee in another colour), what is asked for behind it, a mark at its guarantee, the end of
// what it may use. To scale: of the whole cluster, or of the queue's own maximum.
import type { QueueView } from '../model/queues.ts';

export const percentText = (share: number): string => `${Math.round(share * 1000) / 10} %`;

export function QueueBar({ queue, ownScale }: { queue: QueueView; ownScale: boolean }) {
  const { usedShare, guaranteedShare, maximumShare, pendingShare } = queue;
  const whole = ownScale ? Math.max(maximumShare, usedShare, 1e-9) : 1;
  const at = (share: number): string => `${Math.min(100, Math.max(0, (100 * share) / whole))}%`;
  const within = Math.min(usedShare, guaranteedShare ?? usedShare);
  const text = [
    `${percentText(usedShare)} of the cluster in use`,
    ...(guaranteedShare === undefined ? [] : [`${percentText(guaranteedShare)} guaranteed`]),
    `${percentText(maximumShare)} at most`,
    ...(pendingShare > 0 ? [`${percentText(pendingShare)} asked for`] : []),
  ].join(', ');
  return (
    <div class="queue-bar" role="img" aria-label={`${queue.path}: ${text}`} title={text}>
      <i class="may" style={{ width: at(maximumShare) }} />
      <i class="wanted" style={{ left: at(usedShare), width: at(Math.min(pendingShare, Math.max(0, whole - usedShare))) }} />
      <i class="within" style={{ width: at(within) }} />
      <i class="over" style={{ left: at(within), width: at(usedShare - within) }} />
      {guaranteedShare !== undefined && <i class="guarantee" style={{ left: at(guaranteedShare) }} />}
    </div>
  );
}
