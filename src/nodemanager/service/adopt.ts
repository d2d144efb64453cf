// Before the journal is taken up after a crash: a container whose process was started in the instant before the crash is not yet
// RUNNING in the journal, but its wrapper left a pid file. Such containers are put down as running, so that nothing runs unseen.
import type { ContainerId } from '../../common/ids.ts';
import type { Container, ProcessRef } from '../core/container-machine.ts';
import type { ContainerJournal } from '../store/container-journal.ts';

export function adoptUnseen(journal: ContainerJournal, startedUnseen: (id: ContainerId) => ProcessRef | undefined, nowMs: number): void {
  for (const c of journal.read().containers) {
    const known = c.tag === 'RUNNING' || (c.tag === 'KILLING' && c.process !== undefined);
    if (known || c.tag === 'EXITED_WITH_SUCCESS' || c.tag === 'EXITED_WITH_FAILURE' || c.tag === 'DONE') continue;
    const process = startedUnseen(c.id);
    if (process !== undefined) journal.save(running(c, process, nowMs));
  }
}

function running(c: Container, process: ProcessRef, startedAtMs: number): Container {
  const facts = { id: c.id, applicationId: c.applicationId, user: c.user, resource: c.resource };
  return c.tag === 'KILLING' ? { ...c, process, startedAtMs } : { ...facts, tag: 'RUNNING', process, startedAtMs };
}
