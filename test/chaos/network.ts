// The network of a chaos cluster: every link between its processes leads through a wire that can be broken (wire.ts). To the ResourceManager they
// are TCP doors (torn-door.ts). All others are Unix sockets, whose file this puts behind a door of its own as soon as it appears: the socket is
// renamed to `<path>~`, and the door takes its name. What breaks when is faults.ts.
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, watch } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { listenersBelow } from './processes.ts';
import { freePort, TornDoor } from './torn-door.ts';
import { Wire } from './wire.ts';

export const LINKS = [
  'driver-executor',
  'executor-executor',
  'executor-service',
  'driver-nodemanager',
  'nodemanager-resourcemanager',
  'driver-resourcemanager',
] as const;
export type Link = (typeof LINKS)[number];

/** By the names of sockets in a cluster's run folder. */
const SOCKETS: readonly (readonly [RegExp, Link])[] = [
  [/^d-[\d-]+-b\d+\.sock$/, 'executor-executor'],
  [/^d-[\d-]+\.sock$/, 'driver-executor'],
  [/^nm-.*-s\.sock$/, 'executor-service'],
  [/^nm-.*\.sock$/, 'driver-nodemanager'],
];
const SWEEP_MS = 250;

export class Network {
  readonly #run: string;
  readonly #wires: Readonly<Record<Link, Wire>>;
  readonly #doors = new Map<string, Server>();
  /** Sockets that are being put behind a door. */
  readonly #under = new Set<string>();
  readonly #ends: (() => void)[] = [];
  /** Where the ResourceManager itself listens. */
  readonly innerPort: number;
  readonly ports: { readonly ofNodes: number; readonly ofDrivers: number };

  private constructor(run: string, innerPort: number, nodes: TornDoor, drivers: TornDoor) {
    this.#run = run;
    this.innerPort = innerPort;
    this.ports = { ofNodes: nodes.port, ofDrivers: drivers.port };
    this.#wires = {
      'driver-executor': new Wire(),
      'executor-executor': new Wire(),
      'executor-service': new Wire(),
      'driver-nodemanager': new Wire(),
      'nodemanager-resourcemanager': nodes.wire,
      'driver-resourcemanager': drivers.wire,
    };
    const watcher = watch(run, (_, name) => name !== null && void this.#appeared(name));
    const sweeping = setInterval(() => this.sweep(), SWEEP_MS);
    this.#ends.push(
      () => watcher.close(),
      () => clearInterval(sweeping),
      () => nodes.close(),
      () => drivers.close(),
    );
  }

  /** @param run folder of the cluster's sockets */
  static async open(run: string): Promise<Network> {
    mkdirSync(run, { recursive: true, mode: 0o700 });
    const innerPort = await freePort();
    return new Network(run, innerPort, await TornDoor.open(innerPort), await TornDoor.open(innerPort));
  }

  wire(link: Link): Wire {
    return this.#wires[link];
  }

  mend(): void {
    for (const link of LINKS) this.#wires[link].mend();
  }

  /** Doors in front of sockets that nobody listens on any more go: else who is started again would find its address in use. */
  sweep(): void {
    const listening = new Set(listenersBelow(this.#run));
    for (const [path, door] of this.#doors) {
      if (listening.has(path)) continue;
      this.#doors.delete(path);
      door.close();
      rmSync(path, { force: true });
      rmSync(`${path}~`, { force: true });
    }
  }

  close(): void {
    for (const end of this.#ends) end();
    for (const [, door] of this.#doors) door.close();
    for (const link of LINKS) this.#wires[link].close();
    for (const name of readdirSync(this.#run)) if (name.endsWith('+')) rmSync(join(this.#run, name), { force: true });
  }

  async #appeared(name: string): Promise<void> {
    const link = SOCKETS.find(([pattern]) => pattern.test(name))?.[1];
    const path = join(this.#run, name);
    if (link === undefined || this.#doors.has(path) || this.#under.has(path) || !existsSync(path)) return;
    const door = createServer((near) => this.#wires[link].pass(near, () => connect(`${path}~`)));
    this.#under.add(path);
    try {
      await new Promise<void>((resolve, reject) => door.once('error', reject).listen(`${path}+`, resolve));
      chmodSync(`${path}+`, 0o600);
      // Who has bound it still sets its mode by name.
      while ((statSync(path).mode & 0o777) !== 0o600) {
        if (!listenersBelow(this.#run).includes(path)) throw new Error('killed before it could');
        await pause(1);
      }
      renameSync(path, `${path}~`);
      renameSync(`${path}+`, path);
      this.#doors.set(path, door);
    } catch {
      door.close(); // its owner is gone already
    }
    this.#under.delete(path);
  }
}
