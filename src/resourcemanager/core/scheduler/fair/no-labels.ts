// Node labels are the capacity scheduler's: the fair and the fifo one refuse them where they are named, as YARN's do not know them.
import { AppError } from '../../../../common/errors.ts';

export const noLabels = (kind: string): string => `the ${kind} scheduler knows no node labels (yarn.resourcemanager.scheduler.class)`;

/** @throws AppError LABEL_INVALID */
export function refuseLabels(kind: string, label: string): void {
  if (label !== '') throw new AppError('LABEL_INVALID', { label, reason: noLabels(kind) });
}
