import { describe, expect, it } from 'vitest';
import { step, type Table } from '../../../../src/common/machine.ts';
import { applicationTable } from '../../../../src/resourcemanager/core/application-machine.ts';
import { type AttemptState, attemptTable } from '../../../../src/resourcemanager/core/attempt-machine.ts';
import { type ContainerEvent, type ContainerState, containerTable } from '../../../../src/resourcemanager/core/container-machine.ts';
import { type NodeState, nodeTable } from '../../../../src/resourcemanager/core/node-machine.ts';

const end = { exitStatus: 1, diagnostics: '' };
const play = (events: ContainerEvent[]) => {
  let state: ContainerState = { tag: 'ALLOCATED' };
  const effects = events.flatMap((event) => {
    const taken = step(containerTable, state, event);
    state = taken.next;
    return taken.effects;
  });
  return { state: state as ContainerState, effects };
};

describe('container', () => {
  it.each<[string, ContainerEvent[]]>([
    ['the node dies after it was released', [{ tag: 'launched' }, { tag: 'released' }, { tag: 'nodeLost', end }]],
    ['the exit is reported twice', [{ tag: 'acquired' }, { tag: 'launched' }, { tag: 'finished', end }, { tag: 'finished', end }]],
    ['the grant expires and the node is lost', [{ tag: 'expired' }, { tag: 'nodeLost', end }]],
    ['it is killed and then released', [{ tag: 'launched' }, { tag: 'kill', end }, { tag: 'released' }]],
  ])('frees its space once when %s', (_, events) => {
    const { effects, state } = play(events);
    expect(effects.filter((e) => e.tag === 'freeSpace')).toHaveLength(1);
    expect(effects.filter((e) => e.tag === 'tellEnd')).toHaveLength(1);
    expect(state.tag).toBe('COMPLETED');
  });

  it('does not expire once it runs', () => {
    expect(play([{ tag: 'launched' }, { tag: 'expired' }]).state.tag).toBe('RUNNING');
  });

  it('gives a grant that nobody used back with ABORTED and orders its end', () => {
    expect(play([{ tag: 'acquired' }, { tag: 'expired' }]).effects).toEqual([
      { tag: 'freeSpace' },
      { tag: 'orderKill' },
      { tag: 'tellEnd', end: { exitStatus: -100, diagnostics: 'Container expired since it was unused' } },
    ]);
  });
});

describe('attempt and application', () => {
  it('is FINISHING while its AM container still ends, and FINISHED at once without one', () => {
    const bye = (managed: boolean) =>
      step(attemptTable, { tag: 'RUNNING' } as AttemptState, { tag: 'unregistered', managed, finalStatus: 'SUCCEEDED', diagnostics: '' })
        .next.tag;
    expect([bye(true), bye(false)]).toEqual(['FINISHING', 'FINISHED']);
  });

  it('tries again while attempts are left, else FAILED', () => {
    const fail = (again: boolean) =>
      step(applicationTable, { tag: 'RUNNING' }, { tag: 'attemptFailed', again, diagnostics: 'd', atMs: 5 }).next;
    expect(fail(true)).toEqual({ tag: 'ACCEPTED' });
    expect(fail(false)).toEqual({ tag: 'FAILED', ending: { finalStatus: 'FAILED', diagnostics: 'd', finishedAtMs: 5 } });
  });

  it('keeps the final status apart from the state', () => {
    expect(
      step(applicationTable, { tag: 'RUNNING' }, { tag: 'driverFinished', finalStatus: 'FAILED', diagnostics: 'x', atMs: 1 }).next,
    ).toMatchObject({ tag: 'FINISHED', ending: { finalStatus: 'FAILED' } });
  });

  it('has a cell for everything that may come after the end', () => {
    const late = (table: Table<any, any, any>, ends: string[], except: string[]) => {
      const events = new Set(Object.values(table).flatMap((row) => Object.keys(row as object)));
      for (const state of ends)
        for (const event of events) if (!except.includes(event)) expect(table[state]?.[event], `${state} + ${event}`).toBeDefined();
    };
    late(applicationTable, ['FINISHED', 'FAILED', 'KILLED'], ['submitted', 'accepted']);
    late(attemptTable, ['FINISHED', 'FAILED', 'KILLED'], []);
    late(containerTable, ['COMPLETED'], []);
  });
});

describe('node', () => {
  it('drains before it is DECOMMISSIONED when asked gracefully and busy', () => {
    const decommission = (graceful: boolean, idle: boolean) =>
      step(nodeTable, { tag: 'RUNNING' } as NodeState, { tag: 'decommission', graceful, idle }).next.tag;
    expect([decommission(true, false), decommission(true, true), decommission(false, false)]).toEqual([
      'DECOMMISSIONING',
      'DECOMMISSIONED',
      'DECOMMISSIONED',
    ]);
  });

  it('is UNHEALTHY and back by its own word, LOST by silence', () => {
    expect(step(nodeTable, { tag: 'RUNNING' } as NodeState, { tag: 'unhealthy' }).next.tag).toBe('UNHEALTHY');
    expect(step(nodeTable, { tag: 'UNHEALTHY' } as NodeState, { tag: 'healthy' }).next.tag).toBe('RUNNING');
    expect(step(nodeTable, { tag: 'UNHEALTHY' } as NodeState, { tag: 'expired' }).effects).toEqual([
      { tag: 'loseContainers', why: 'lost' },
      { tag: 'leave' },
    ]);
  });
});
