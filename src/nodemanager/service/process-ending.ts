// Ends the processes of a container: all of its tree, its session and group, and whoever carries its id in the environment.
// Only signals; when to send which is container-runner.ts's decision.
import { constants } from 'node:os';
import type { ContainerId } from '../../common/ids.ts';
import type { ProcessRef } from '../core/container-machine.ts';
import { treeOf } from '../core/process-tree.ts';
import { allProcesses, catches, isRunning, withEnvironment } from './process-table.ts';

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended meanwhile
  }
}

/** The group hears it at once; members that left the group one by one. */
export function signalTree(root: ProcessRef, signal: NodeJS.Signals): void {
  if (isRunning(root)) send(-root.pid, signal);
  for (const p of treeOf(allProcesses(), root)) if (p.pgrp !== root.pid) send(p.pid, signal);
}

/** To those of the tree that have a handler for it: others would die of it, or go on as if nothing had been. @returns how many */
export function signalWaiting(root: ProcessRef, signal: NodeJS.Signals): number {
  const waiting = treeOf(allProcesses(), root).filter(({ pid }) => catches(pid, constants.signals[signal]));
  for (const { pid } of waiting) send(pid, signal);
  return waiting.length;
}

/** New children may appear while we kill; a few passes find them, and a container that ended forks no more. */
const PASSES = 4;

/** @returns how many processes were killed */
export function killLeftovers(id: ContainerId, root: ProcessRef | undefined): number {
  let killed = 0;
  for (let pass = 0; pass < PASSES; pass++) {
    const pids = new Set([
      ...(root === undefined ? [] : treeOf(allProcesses(), root).map((p) => p.pid)),
      ...withEnvironment(`CONTAINER_ID=${id}`),
    ]);
    pids.delete(process.pid);
    if (pids.size === 0) return killed;
    for (const pid of pids) send(pid, 'SIGKILL');
    killed += pids.size;
  }
  return killed;
}
