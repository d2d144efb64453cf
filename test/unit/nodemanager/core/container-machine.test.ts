import { describe, expect, it } from 'vitest';
import { step } from '../../../../src/common/machine.ts';
import { type Container, containerTable } from '../../../../src/nodemanager/core/container-machine.ts';
import type { ContainerEffect } from '../../../../src/nodemanager/core/effects.ts';
import type { ContainerEvent } from '../../../../src/nodemanager/core/events.ts';
import { APP, command, containerOf } from '../../../helpers/fake-resource-manager.ts';

const ID = containerOf(1);
const PROCESS = { pid: 42, startTicks: 900 };
const fresh: Container = {
  tag: 'NEW',
  id: ID,
  applicationId: APP,
  user: 'ann',
  resource: { memoryMb: 512, vcores: 1 },
  launch: command('/bin/true'),
};

const init: ContainerEvent = { tag: 'init' };
const localized: ContainerEvent = { tag: 'localized', atMs: 1 };
const localizationFailed: ContainerEvent = { tag: 'localizationFailed', atMs: 1, exitStatus: -1000, diagnostics: 'no file' };
const started: ContainerEvent = { tag: 'started', atMs: 2, process: PROCESS };
const startFailed: ContainerEvent = { tag: 'startFailed', atMs: 2, exitStatus: -1000, diagnostics: 'no memory' };
const exited = (exitStatus: number): ContainerEvent => ({
  tag: 'exited',
  atMs: 9,
  exitStatus,
  diagnostics: exitStatus === 0 ? '' : 'it failed',
  killedText: `code ${exitStatus}`,
});
const kill = (exitStatus = -105): ContainerEvent => ({ tag: 'kill', end: { exitStatus, diagnostics: 'told to' } });
const cleaned: ContainerEvent = { tag: 'cleaned' };

function play(events: ContainerEvent[], from: Container = fresh): { states: string[]; end: Container; effects: ContainerEffect[] } {
  let state = from;
  const effects: ContainerEffect[] = [];
  const states: string[] = [state.tag];
  for (const event of events) {
    const taken = step(containerTable, state, event);
    state = taken.next;
    states.push(state.tag);
    effects.push(...taken.effects);
  }
  return { states, end: state, effects };
}
const tags = (effects: ContainerEffect[]) => effects.map((e) => e.tag);

describe('container, as the NodeManager sees it', () => {
  it("goes through YARN's states when all is well", () => {
    const { states, effects, end } = play([init, localized, started, exited(0), cleaned]);
    expect(states).toEqual(['NEW', 'LOCALIZING', 'SCHEDULED', 'RUNNING', 'EXITED_WITH_SUCCESS', 'DONE']);
    expect(tags(effects)).toEqual([
      'persist',
      'localize',
      'start',
      'persist',
      'watch',
      'report',
      'persist',
      'endLeftovers',
      'report',
      'cleanup',
      'persist',
    ]);
    expect(end).toMatchObject({ startedAtMs: 2, finishedAtMs: 9, end: { exitStatus: 0 } });
  });

  it('is on disk before anybody hears of a change', () => {
    const { effects } = play([init, localized, started, exited(3)]);
    for (const [i, e] of effects.entries())
      if (e.tag === 'report' || e.tag === 'localize') expect(tags(effects.slice(0, i))).toContain('persist');
  });

  it('tells of its end only after what is left of it was killed', () => {
    const { effects } = play([init, localized, started, exited(3)]);
    expect(tags(effects).lastIndexOf('endLeftovers')).toBeLessThan(tags(effects).lastIndexOf('report'));
  });

  it.each([
    ["its files can't be had", [init, localizationFailed], -1000],
    ["its process can't be made", [init, localized, startFailed], -1000],
    ['its program fails', [init, localized, started, exited(3)], 3],
    ['it is killed while it runs', [init, localized, started, kill(), exited(143)], -105],
    ['it is killed while its files are fetched', [init, kill(), localized], -105],
    ["… and those can't be had", [init, kill(), localizationFailed], -105],
    ['it is killed while its process is made', [init, localized, kill(), started, exited(137)], -105],
    ["… and that can't be made", [init, localized, kill(), startFailed], -105],
    ['it is killed twice', [init, localized, started, kill(-104), kill(-107), exited(137)], -104],
  ])('fails when %s', (_, events, exitStatus) => {
    const { end, effects } = play([...events, cleaned]);
    expect(end).toMatchObject({ tag: 'DONE', end: { exitStatus } });
    expect(effects.filter((e) => e.tag === 'cleanup')).toHaveLength(1);
    expect(effects.filter((e) => e.tag === 'start').length).toBeLessThanOrEqual(1);
  });

  it('kills the process that was being made when the kill came', () => {
    const { effects } = play([init, localized, kill(), started]);
    expect(effects).toContainEqual({ tag: 'kill', id: ID, process: PROCESS });
  });

  it('starts nothing after a kill', () => {
    expect(tags(play([init, kill(), localized]).effects)).not.toContain('start');
  });

  it('adds how it ended to why it was killed', () => {
    expect(play([init, localized, started, kill(), exited(143)]).end).toMatchObject({ end: { diagnostics: 'told to\ncode 143' } });
  });

  it.each([
    ['EXITED_WITH_SUCCESS', [init, localized, started, exited(0)]],
    ['DONE', [init, localized, started, exited(0), cleaned]],
  ])('does not mind a late kill in %s', (state, events) => {
    const before = play(events).end;
    expect(before.tag).toBe(state);
    expect(step(containerTable, before, kill())).toEqual({ next: before, effects: [] });
  });

  it.each([
    ['a start without files', [started]],
    ['an end without a start', [init, exited(0)]],
    ['two starts', [init, localized, started, started]],
  ])("knows that %s can't happen", (_, events) => {
    expect(() => play(events)).toThrow(/cannot happen/);
  });
});
