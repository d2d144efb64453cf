// Containers that outlive the attempt that asked for them (YARN's keep-containers-across-application-attempts): they are the next attempt's,
// whose driver is told of them with its registration and gives back what it can't use. Their ids keep the number of the first.
import { applicationOfContainer, type ContainerId } from '../../common/ids.ts';
import type { Cluster } from './cluster.ts';
import { moveContainer } from './container-events.ts';
import { EXIT } from './container-machine.ts';
import type { Attempt, Container } from './entities.ts';

const keeps = ({ application }: Attempt): boolean => application.submission.keepContainers === true;
const attemptNumberOf = (id: ContainerId): number => Number(/_(\d+)_\d+$/.exec(id)?.[1]);

/** Only what runs: a grant is worth nothing without the driver that asked for it. */
export const outlives = (attempt: Attempt, container: Container): boolean =>
  keeps(attempt) && container.state.tag === 'RUNNING' && attempt.am?.containerId !== container.id;

/** The attempt has failed and there is no other one. */
export function endKept(cluster: Cluster, attempt: Attempt): void {
  const end = { exitStatus: EXIT.KILLED_BY_RESOURCEMANAGER, diagnostics: `Killed because ${attempt.id} failed` };
  for (const container of attempt.containers.values()) moveContainer(cluster, container, { tag: 'kill', end });
}

/** From the attempt that has failed to the one that follows. */
export function handDown(from: Attempt, to: Attempt): void {
  for (const container of from.containers.takeAll()) {
    container.attempt = to;
    to.containers.add(container);
    to.driver.previous.add(container.id);
  }
}

/** Whether a container that a node brings along is this attempt's: by its number, or of an earlier one that left it. */
export function belongsTo(attempt: Attempt, id: ContainerId): boolean {
  const number = attemptNumberOf(id);
  if (number === attempt.number) return true;
  if (!keeps(attempt) || number > attempt.number || applicationOfContainer(id) !== attempt.application.id) return false;
  return !attempt.application.attempts.some((a) => a.am?.containerId === id);
}

/** After a restart of this ResourceManager: its driver has not been told of it, as far as is known here. */
export function noteKept(attempt: Attempt, id: ContainerId): void {
  if (!attempt.driver.registered && attemptNumberOf(id) !== attempt.number) attempt.driver.previous.add(id);
}
