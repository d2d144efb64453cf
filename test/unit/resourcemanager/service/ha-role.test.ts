// Several ResourceManagers on one real store, with clocks of their own: who is active when, and that one who was stopped says nothing more.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/common/errors.ts';
import { Prng } from '../../../../src/common/prng.ts';
import type { Database, Logger } from '../../../../src/common/ports.ts';
import { openDatabase } from '../../../../src/platform/database.ts';
import { HaRole } from '../../../../src/resourcemanager/service/ha-role.ts';
import { RM_MIGRATIONS } from '../../../../src/resourcemanager/store/migrations.ts';
import { RmStore } from '../../../../src/resourcemanager/store/rm-store.ts';
import { inGroups, simSeeds } from '../../../helpers/sim-seeds.ts';

const LEASE_MS = 1_000;
const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };
let dir: string;
let time: Time;
/** All that was told, by whom, in which epoch. */
let told: { by: string; epoch: number; atMs: number }[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ha-'));
  time = new Time();
  told = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Real time of the world. */
class Time {
  nowMs = 1_000_000;
  readonly processes: Process[] = [];

  run(ms: number): void {
    for (const until = this.nowMs + ms; this.nowMs < until; ) {
      this.nowMs += 10;
      for (const process of this.processes) process.tick();
    }
  }
}

/** A ResourceManager's process: stopped it runs nothing; its wall clock may be set, its steady one not. */
class Process {
  readonly id: string;
  readonly role: HaRole;
  readonly fatal: Error[] = [];
  readonly #db: Database;
  stopped = false;
  dead = false;
  wallOffMs = 0;
  locked = false;
  activations = 0;
  #mayTell: (() => void) | undefined;
  #epoch = -1;
  #onFatal: (error: Error) => void = () => {};
  #timers: { dueMs: number; everyMs: number; run: () => void }[] = [];

  constructor(id: string, { automatic = true, fenceByKill = false } = {}) {
    this.id = id;
    this.#db = openDatabase(join(dir, 'rm.sqlite'), { migrations: RM_MIGRATIONS, synchronous: 'NORMAL', checked: true });
    const store = new RmStore(this.#db);
    const takeOver = store.takeOver.bind(store);
    store.takeOver = (...args) => {
      if (time.processes.some((p) => p.locked && !p.dead))
        throw new AppError('STORE_UNWRITABLE', { path: 'rm.sqlite', detail: 'SQLITE_BUSY: database is locked' });
      return takeOver(...args);
    };
    time.processes.push(this);
    this.role = new HaRole(
      {
        store,
        clock: { nowMs: () => time.nowMs + this.wallOffMs },
        steadyMs: () => time.nowMs,
        timers: {
          after: () => () => {},
          every: (everyMs, run) => {
            const timer = { dueMs: time.nowMs + everyMs, everyMs, run };
            this.#timers.push(timer);
            return () => {
              this.#timers = this.#timers.filter((t) => t !== timer);
            };
          },
        },
        logger: quiet,
        processes: {
          me: id,
          state: (name) => (time.processes.find((p) => p.id === name && !p.dead) === undefined ? 'unknown' : 'alive'),
          end: (name) => {
            time.processes.find((p) => p.id === name)!.dead = true;
          },
        },
        newKey: () => 'k',
        web: () => `http://${id}`,
        activate: (found, mayTell, onFatal) => {
          this.activations++;
          this.#mayTell = mayTell;
          this.#epoch = found.epoch;
          this.#onFatal = onFatal;
          return { stop: () => {}, abandon: () => {} } as never;
        },
        onFatal: (error) => this.fatal.push(error),
      },
      { id, leaseMs: LEASE_MS, automatic, fenceByKill },
    );
  }

  tick(): void {
    if (this.stopped || this.dead) return;
    for (const timer of [...this.#timers]) {
      if (timer.dueMs > time.nowMs) continue;
      timer.dueMs = time.nowMs + timer.everyMs; // as setInterval: what was missed is run once
      timer.run();
    }
    this.say();
  }

  /** As the event loop does at the end of a turn. @returns whether it was told */
  say(): boolean {
    if (this.role.active === undefined || this.stopped || this.dead) return false;
    const epoch = this.#epoch;
    try {
      this.#mayTell!();
    } catch (error) {
      this.#onFatal(error as Error);
      return false;
    }
    told.push({ by: this.id, epoch, atMs: time.nowMs });
    return true;
  }

  get isActive(): boolean {
    return this.role.active !== undefined && !this.dead;
  }
}

/** One teller in an epoch, and epochs one after the other. */
function expectFenced(): void {
  const tellers = new Map<number, string>();
  let latest = -1;
  for (const { by, epoch, atMs } of told) {
    expect(tellers.get(epoch) ?? by, `two told something in epoch ${epoch}`).toBe(by);
    tellers.set(epoch, by);
    expect(epoch, `${by} told something at ${atMs} when epoch ${latest} had begun`).toBeGreaterThanOrEqual(latest);
    latest = Math.max(latest, epoch);
  }
}

describe('two ResourceManagers', () => {
  it('the first is active, the other takes over a lease after the last renewal', () => {
    const [one, two] = [new Process('rm1'), new Process('rm2')];
    time.run(5_000);
    expect([one.isActive, two.isActive]).toEqual([true, false]);
    expect(two.role.state()).toMatchObject({ state: 'standby', owner: 'rm1', web: 'http://rm1' });
    one.stopped = true;
    const from = time.nowMs;
    while (!two.isActive) time.run(10);
    expect(time.nowMs - from).toBeGreaterThanOrEqual(LEASE_MS * 0.75);
    expect(time.nowMs - from).toBeLessThanOrEqual(LEASE_MS * 1.2);
    expectFenced();
  });

  it('one that was stopped says nothing more when it goes on, whatever it does first, and stands by', () => {
    const [one, two] = [new Process('rm1'), new Process('rm2')];
    time.run(500);
    one.stopped = true;
    time.run(3_000);
    expect(two.isActive).toBe(true);
    one.stopped = false;
    expect(one.say()).toBe(false); // before any of its timers ran
    expect(one.isActive).toBe(false);
    time.run(3_000);
    expect([one.isActive, two.isActive]).toEqual([false, true]);
    expectFenced();
  });

  it('one that was stopped and whom nobody has replaced goes on in its epoch', () => {
    const one = new Process('rm1');
    time.run(500);
    one.stopped = true;
    time.nowMs += 60_000;
    one.stopped = false;
    expect(one.say()).toBe(true);
    expect(one.activations).toBe(1);
  });

  it.each([-3_600_000, 3_600_000])('a wall clock that is set by %i ms changes nothing', (byMs) => {
    const [one, two] = [new Process('rm1'), new Process('rm2')];
    time.run(500);
    one.wallOffMs = byMs;
    time.run(2_000);
    two.wallOffMs = -byMs;
    time.run(2_000);
    expect([one.isActive, two.isActive, one.activations]).toEqual([true, false, 1]);
    expectFenced();
  });

  it('a change by order: given back at once, not taken again by the same one', () => {
    const [one, two] = [new Process('rm1'), new Process('rm2')];
    time.run(500);
    expect(() => two.role.transition('active')).toThrow(/rm1 is the active one/);
    expect(one.role.transition('standby')).toBe('standby');
    time.run(150);
    expect([one.isActive, two.isActive]).toEqual([false, true]);
    two.stopped = true;
    time.run(LEASE_MS * 4);
    expect(one.isActive).toBe(true);
    expectFenced();
  });

  it('without automatic failover it waits for the order', () => {
    const one = new Process('rm1', { automatic: false });
    time.run(3_000);
    expect(one.isActive).toBe(false);
    expect(one.role.transition('active')).toBe('active');
    expect(one.isActive).toBe(true);
  });

  it('a holder that was stopped in a commit and keeps the store locked is told of, or ended where that is wanted', () => {
    const [one, two] = [new Process('rm1'), new Process('rm2')];
    time.run(500);
    one.stopped = one.locked = true;
    time.run(5_000);
    expect(two.isActive).toBe(false);
    expect(two.role.state().fault).toContain('database is locked');
    const three = new Process('rm3', { fenceByKill: true });
    time.run(2_000);
    expect(one.dead).toBe(true);
    expect(two.isActive !== three.isActive).toBe(true);
    expectFenced();
  });

  it.each(inGroups(simSeeds(25), 25))(
    'at random instants: stopped, going on, killed, started again, clocks set; one teller an epoch, and somebody active in the end, seeds from %i',
    {
      timeout: 600_000,
    },
    (...group) => {
      for (const seed of group) {
        const prng = new Prng(seed);
        rmSync(dir, { recursive: true, force: true });
        dir = mkdtempSync(join(tmpdir(), 'ha-'));
        time = new Time();
        told = [];
        const make = (id: string) => new Process(id);
        for (const id of ['rm1', 'rm2', 'rm3']) make(id);
        for (let step = 0; step < 25; step++) {
          const living = time.processes.filter((p) => !p.dead);
          const victim = prng.pick(living);
          const kind = prng.pick(['stop', 'stop', 'kill', 'clock', 'order']);
          if (kind === 'stop') {
            victim.stopped = true;
            time.run(prng.int(2_500));
            victim.stopped = false;
            if (prng.chance(0.5)) victim.say();
          } else if (kind === 'kill' && living.length > 1) {
            victim.dead = true;
            time.run(prng.int(1_500));
            make(`${victim.id.slice(0, 3)}.${step}`);
          } else if (kind === 'clock') victim.wallOffMs += prng.int(20_000) - 10_000;
          else if (kind === 'order') victim.role.transition('standby');
          time.run(prng.int(800));
        }
        time.run(LEASE_MS * 5);
        expect(time.processes.filter((p) => p.isActive).length, `seed ${seed}`).toBe(1);
        for (const process of time.processes) expect(process.fatal, `seed ${seed}`).toEqual([]);
        expectFenced();
      }
    },
  );
});
