// Tasks that wait in a slot behind one that takes long become pending again. That the slot will not begin them, its executor has said
// (executor/task-claims.ts); when it is asked is service/task-recall.ts.
import { isBefore } from '../../plan/slot-order.ts';
import type { TaskScheduler } from './task-scheduler.ts';

/**
 * The slot still says of each that it has come back: until then it counts as in flight there.
 * @param from place of the first task that the slot will not begin (plan/slot-order.ts)
 * @returns the attempts that never began
 */
export function takeBack(tasks: TaskScheduler, slotId: number, from: number): number[] {
  const slot = tasks.slots.get(slotId);
  const set = slot && tasks.set(slot.setKey);
  const back: number[] = [];
  if (set === undefined || set.zombie || set.spec.barrier === true) return back;
  for (const { index, taskId, slot: at } of [...set.running()]) {
    // A copy has its slot for itself.
    if (at !== slotId || set.taskIdOf[index] !== taskId || set.placeOf[index]! < 0 || isBefore(set.placeOf[index]!, from)) continue;
    set.giveBack(index, taskId);
    back.push(taskId);
  }
  return back;
}
