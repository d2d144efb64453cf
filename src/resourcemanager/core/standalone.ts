// An application whose AM container is a plain command (REST submissions, any program): it never registers and asks for nothing. It runs
// while its container runs, and the exit code is its final status. YARN would wait for such a program to register, and fail it.
import { moveAttempt } from './attempt-events.ts';
import type { Cluster } from './cluster.ts';
import type { ContainerEnd } from './container-machine.ts';
import type { Attempt } from './entities.ts';

const isStandalone = ({ application, driver }: Attempt): boolean => application.submission.standalone === true && !driver.registered;

/** Its container runs: that is all a registration would say. Also after a restart, when its node brings the container along. */
export function standaloneRuns(cluster: Cluster, attempt: Attempt): void {
  const { state } = attempt.application;
  if (!isStandalone(attempt) || state.tag === 'RUNNING') return;
  cluster.stopTimer(`attempt ${attempt.id}`);
  moveAttempt(cluster, attempt, { tag: 'registered' });
}

/** @returns false: this end is a failure like any other */
export function standaloneEnded(cluster: Cluster, attempt: Attempt, { exitStatus }: ContainerEnd): boolean {
  if (!isStandalone(attempt) || exitStatus !== 0) return false;
  moveAttempt(cluster, attempt, { tag: 'unregistered', managed: false, finalStatus: 'SUCCEEDED', diagnostics: '' });
  return true;
}
