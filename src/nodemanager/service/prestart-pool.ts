// Executors started ahead: idle processes with nothing of any application inside, each claimed once, by an application of the user for whom it
// was started (the user who had executors last). A claim costs a millisecond
// where a start costs a hundred. They hold the other end of our pipe (fd 3) and end when it closes, so they never outlive us.
// What a claimed one is told is container-runner.ts's business.
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { LaunchedProcess, Launcher, Logger, Timers } from '../../common/ports.ts';
import type { ContainerFolders } from './container-folders.ts';
import { wrapped } from './launch-command.ts';

export type Idle = {
  readonly name: string;
  readonly user: string;
  readonly process: LaunchedProcess;
  readonly controlDir: string;
  readonly logDir: string;
  /** Of which make the executor's program was then. */
  readonly make: string;
};

type Ports = { readonly launcher: Launcher; readonly folders: ContainerFolders; readonly timers: Timers; readonly logger: Logger };
type Options = {
  readonly count: number;
  /** For whom the first ones are started: the NodeManager's own user. */
  readonly user: string;
  readonly argv: readonly string[];
  /** The executor's program. An update puts another in its place: drivers are of the new make then, and those that stand ready of the old one. */
  readonly program: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
};

/** The application that just claimed is busiest now: new ones wait a little. Source: measured, shared/rpc.md §7. */
const REFILL_AFTER_MS = 250;
const DEATHS_IN_A_ROW = 3;

export class PrestartPool {
  readonly #ports: Ports;
  readonly #options: Options;
  readonly #idle: Idle[] = [];
  #seq = 0;
  #starting = 0;
  #deaths = 0;
  #closed = false;
  /** The slots that the last executor had: the next ones are started for as many. */
  #slots = '1';
  /** The user who claimed last, for whom the next ones are started. */
  #user: string;

  constructor(ports: Ports, options: Options) {
    this.#ports = ports;
    this.#options = options;
    this.#user = options.user;
  }

  /** Starts what is missing. Three deaths in a row without a claim turn prestarting off: the executor program itself is broken. */
  fill(): void {
    while (!this.#closed && this.#deaths < DEATHS_IN_A_ROW && this.#idle.length + this.#starting < this.#options.count) void this.#start();
  }

  /** @returns undefined when none of this user's is ready: the caller starts one of its own */
  claim(slots: string, user: string): Idle | undefined {
    this.#slots = slots;
    this.#user = user;
    this.#endOlderMakes();
    const at = this.#idle.findIndex((idle) => idle.user === user && hasBegun(idle));
    const [idle] = at < 0 ? [] : this.#idle.splice(at, 1);
    if (idle !== undefined) this.#deaths = 0;
    else if (!this.#idle.some((other) => other.user === user)) this.#end(this.#idle.splice(0, 1)); // the longest idle makes room for one of his
    if (!this.#closed) this.#ports.timers.after(REFILL_AFTER_MS, () => this.fill());
    return idle;
  }

  close(): void {
    this.#closed = true;
    this.#endAll();
  }

  #endOlderMakes(): void {
    const make = makeOf(this.#options.program);
    const older = this.#idle.filter((idle) => idle.make !== make);
    if (older.length === 0) return;
    this.#ports.logger.info(`The program of executors was replaced: ${older.length} that stood ready are ended`);
    for (const idle of older) this.#idle.splice(this.#idle.indexOf(idle), 1);
    this.#end(older);
  }

  /** They end by themselves when their pipe closes; nobody waits for that. */
  #endAll(): void {
    this.#end(this.#idle.splice(0));
  }

  #end(those: readonly Idle[]): void {
    for (const idle of those) {
      idle.process.control?.end();
      signalGroup(idle.process.pid);
      this.#sweep(idle);
    }
  }

  async #start(): Promise<void> {
    const { folders, launcher, logger } = this.#ports;
    const name = `${process.pid}-${++this.#seq}`;
    const user = this.#user;
    const [controlDir, logDir] = [folders.prestartDir(name), folders.prestartLogDir(name)];
    this.#starting++;
    const make = makeOf(this.#options.program);
    try {
      mkdirSync(controlDir, { recursive: true, mode: 0o700 });
      mkdirSync(logDir, { recursive: true, mode: 0o710 });
      const launched = await launcher.launch({
        ...wrapped('emberloom-executor', controlDir, 0, this.#options.argv),
        cwd: this.#options.cwd,
        env: { ...this.#options.env, EMBERLOOM_EXECUTOR_CORES: this.#slots },
        stdoutPath: join(logDir, 'stdout'),
        stderrPath: join(logDir, 'stderr'),
        control: true,
      });
      const idle: Idle = { name, user, process: launched, controlDir, logDir, make };
      if (this.#closed || this.#deaths >= DEATHS_IN_A_ROW) launched.control?.end();
      else this.#idle.push(idle);
      void launched.ended.then(({ exitCode, signal }) => this.#ended(idle, exitCode ?? signal));
    } catch (error) {
      this.#deaths = DEATHS_IN_A_ROW;
      logger.warn(`No executors are started ahead: ${(error as Error).message}`);
    } finally {
      this.#starting--;
    }
  }

  #ended(idle: Idle, how: number | string | undefined): void {
    const at = this.#idle.indexOf(idle);
    if (at < 0) return; // claimed: its container's business
    this.#idle.splice(at, 1);
    this.#deaths++;
    const hopeless = this.#deaths >= DEATHS_IN_A_ROW;
    this.#ports.logger.warn(`An executor that was started ahead ended (${how}).${hopeless ? ' No more are started.' : ''}`);
    if (hopeless) this.#endAll(); // a claim must not get one that is about to die
    this.#sweep(idle);
    this.fill();
  }

  #sweep(idle: Idle): void {
    rmSync(idle.controlDir, { recursive: true, force: true });
    rmSync(idle.logDir, { recursive: true, force: true });
  }
}

/** Its wrapper has opened what it needs of the control folder; a claim moves that folder away, and would end a wrapper that had not. */
const hasBegun = (idle: Idle): boolean => existsSync(join(idle.controlDir, 'exitcode'));

/** Which make of a program lies there now. Cheap: asked at each claim. */
function makeOf(program: string): string {
  const stats = statSync(program, { throwIfNoEntry: false });
  return stats === undefined ? 'none' : `${stats.ino} ${stats.mtimeMs}`;
}

/** The NodeManager's own user: applications of others have their own names. */
export function ownUser(env: Readonly<Record<string, string | undefined>>): string {
  const said = env['USER'] || env['LOGNAME'];
  if (said) return said;
  try {
    return userInfo().username;
  } catch {
    return ''; // a uid without a name: the first claim is nobody's, the next ones are the user's who came
  }
}

/** Idle executors of an earlier NodeManager ended with it; their folders are left. */
export function sweepPrestarted(stateDir: string, logDirs: readonly string[]): void {
  rmSync(join(stateDir, 'prestart'), { recursive: true, force: true });
  for (const dir of logDirs) rmSync(join(dir, '.prestart'), { recursive: true, force: true });
}

function signalGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended
  }
}
