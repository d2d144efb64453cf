import { describe, expect, it } from 'vitest';
import { applicationId } from '../../../../src/common/ids.ts';
import type { ContainerEvent } from '../../../../src/nodemanager/core/events.ts';
import { NmCore } from '../../../../src/nodemanager/core/nm-core.ts';
import type { Container } from '../../../../src/nodemanager/core/container-machine.ts';
import type { ContainerToken } from '../../../../src/rpc/messages/shapes.ts';
import { APP, command, containerOf } from '../../../helpers/fake-resource-manager.ts';

const PROCESS = { pid: 42, startTicks: 900 };
const OTHER = applicationId(1_700_000_000_000, 2);

const token = (seq: number, app = APP): ContainerToken => ({
  containerId: containerOf(seq, app),
  nodeId: 'n' as never,
  applicationId: app,
  user: 'ann',
  resource: { memoryMb: 512, vcores: 1 },
  expiresAtMs: 1,
  keyId: 1,
  mac: '',
});
const on = (seq: number, event: ContainerEvent, app = APP) => ({ tag: 'container' as const, id: containerOf(seq, app), event });
const localized = { tag: 'localized', atMs: 1 } as const;
const started = { tag: 'started', atMs: 2, process: PROCESS } as const;
const exited = (exitStatus: number) => ({ tag: 'exited', atMs: 9, exitStatus, diagnostics: '', killedText: '' }) as const;

function running(core: NmCore, seq: number, app = APP): void {
  core.handle({ tag: 'launch', token: token(seq, app), launch: command('/bin/true') });
  core.handle(on(seq, localized, app));
  core.handle(on(seq, started, app));
}

describe('the core of a NodeManager', () => {
  it('reports containers as launching, running, completed, until their end is acknowledged', () => {
    const core = new NmCore();
    core.handle({ tag: 'launch', token: token(1), launch: command('/bin/true') });
    expect(core.reports()).toMatchObject([{ containerId: containerOf(1), state: 'LAUNCHING', resource: { memoryMb: 512, vcores: 1 } }]);
    core.handle(on(1, localized));
    core.handle(on(1, started));
    expect(core.reports()).toMatchObject([{ state: 'RUNNING', startedAtMs: 2 }]);
    core.handle(on(1, exited(0)));
    expect(core.reports()).toMatchObject([{ state: 'COMPLETED', exitStatus: 0, finishedAtMs: 9 }]);
    core.handle(on(1, { tag: 'cleaned' }));
    expect(core.reports()).toHaveLength(1);
    expect(core.handle({ tag: 'acked', ids: [containerOf(1)] })).toEqual([{ tag: 'forget', id: containerOf(1) }]);
    expect(core.reports()).toEqual([]);
  });

  it('forgets an end that was acknowledged before the sweep, after the sweep', () => {
    const core = new NmCore();
    running(core, 1);
    core.handle(on(1, exited(0)));
    expect(core.handle({ tag: 'acked', ids: [containerOf(1)] })).toEqual([]);
    expect(core.reports()).toEqual([]);
    expect(core.handle(on(1, { tag: 'cleaned' })).at(-1)).toEqual({ tag: 'forget', id: containerOf(1) });
  });

  it('knows a container after its end, so that a repeated order does not start it again', () => {
    const core = new NmCore();
    running(core, 1);
    core.handle(on(1, exited(0)));
    core.handle(on(1, { tag: 'cleaned' }));
    core.handle({ tag: 'acked', ids: [containerOf(1)] });
    expect(core.knows(containerOf(1), APP)).toBe(true);
    expect(core.knows(containerOf(2), APP)).toBe(false);
  });

  it('takes no acknowledgement for one that runs', () => {
    const core = new NmCore();
    running(core, 1);
    expect(core.handle({ tag: 'acked', ids: [containerOf(1), containerOf(9)] })).toEqual([]);
    expect(core.reports()).toHaveLength(1);
  });

  it('ends the containers of a finished application, of no other, then removes its folders', () => {
    const core = new NmCore();
    running(core, 1);
    running(core, 2);
    running(core, 1, OTHER);
    const effects = core.handle({ tag: 'applicationFinished', applicationId: APP });
    expect(effects.filter((e) => e.tag === 'kill').map((e) => e.id)).toEqual([containerOf(1), containerOf(2)]);
    expect(core.isFinished(APP)).toBe(true);
    for (const seq of [1, 2]) {
      core.handle(on(seq, exited(143)));
      expect(core.handle(on(seq, { tag: 'cleaned' })).filter((e) => e.tag === 'cleanApplication')).toHaveLength(seq === 2 ? 1 : 0);
    }
    expect(core.reports().map((r) => [r.containerId, r.exitStatus])).toEqual([
      [containerOf(1), -107],
      [containerOf(2), -107],
      [containerOf(1, OTHER), 0],
    ]);
    expect(core.live().map((c) => c.applicationId)).toEqual([OTHER]);
  });

  it('removes the folders of an application that it never heard of, too', () => {
    expect(new NmCore().handle({ tag: 'applicationFinished', applicationId: APP })).toEqual([
      { tag: 'cleanApplication', applicationId: APP },
    ]);
  });

  it('ends everything when it is told to stop, and is idle when all is swept', () => {
    const core = new NmCore();
    running(core, 1);
    expect(core.handle({ tag: 'shutdown' }).map((e) => e.tag)).toEqual(['persist', 'kill']);
    expect(core.isIdle()).toBe(false);
    core.handle(on(1, exited(143)));
    core.handle(on(1, { tag: 'cleaned' }));
    expect(core.isIdle()).toBe(true);
    expect(core.reports()).toMatchObject([{ exitStatus: -100, state: 'COMPLETED' }]);
  });

  it('takes up a journal: the waiting begin again, the running are watched, the killed are killed again, the ended swept', () => {
    const facts = (seq: number) => ({ id: containerOf(seq), applicationId: APP, user: 'ann', resource: { memoryMb: 1, vcores: 1 } });
    const end = { exitStatus: 1, diagnostics: '' };
    const containers: Container[] = [
      { ...facts(1), tag: 'SCHEDULED', launch: command('/bin/true') },
      { ...facts(2), tag: 'RUNNING', process: PROCESS, startedAtMs: 1 },
      { ...facts(3), tag: 'KILLING', process: PROCESS, startedAtMs: 1, end },
      { ...facts(4), tag: 'KILLING', process: undefined, startedAtMs: 0, end },
      { ...facts(5), tag: 'EXITED_WITH_FAILURE', startedAtMs: 1, finishedAtMs: 2, end },
      { ...facts(6), tag: 'DONE', startedAtMs: 1, finishedAtMs: 2, end },
    ];
    const core = new NmCore();
    const effects = core.recover(containers, [containerOf(7)], 99);
    const of = (seq: number) =>
      effects.filter((e) => ('id' in e ? e.id : 'container' in e ? e.container.id : '') === containerOf(seq)).map((e) => e.tag);
    expect(of(1)).toEqual(['localize']);
    expect(of(2)).toEqual(['watch']);
    expect(of(3)).toEqual(['watch', 'kill']);
    expect(of(4)).toEqual(['persist', 'endLeftovers', 'report', 'cleanup']);
    expect(of(5)).toEqual(['endLeftovers', 'cleanup']);
    expect(of(6)).toEqual([]);
    expect(core.get(containerOf(4))).toMatchObject({ tag: 'EXITED_WITH_FAILURE', finishedAtMs: 99 });
    expect(core.knows(containerOf(7), APP)).toBe(true);
    expect(core.applications()).toEqual([APP]);
    expect(core.reports()).toHaveLength(6);
  });
});
