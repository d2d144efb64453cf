// Carries out what one container needs: folders and files, the process, its end, the sweep. Reports back with events; decides
// nothing (core/container-machine.ts does). Metering and the ends of adopted containers: container-monitor.ts.
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { ContainerSignal } from '../../common/container-signals.ts';
import { AppError } from '../../common/errors.ts';
import type { ApplicationId, ContainerId } from '../../common/ids.ts';
import type { Clock, LaunchedProcess, Launcher, Logger, ProcessEnd, Timers } from '../../common/ports.ts';
import type { Container, ProcessRef } from '../core/container-machine.ts';
import type { ContainerEvent } from '../core/events.ts';
import { EXIT, exitDiagnostics, killedText, neverRan, stamp } from '../core/exit-status.ts';
import type { ContainerFolders } from './container-folders.ts';
import { argvOf, environmentOf, launchScript, type Programs, tokenFileText, wrapped } from './launch-command.ts';
import type { Localizer } from './localizer.ts';
import type { LogArchives } from './log-archives.ts';
import type { Idle, PrestartPool } from './prestart-pool.ts';
import type { Account, RunAsUser } from './run-as.ts';
import { handOver, makeForUser, makeLogFiles, makeUserFolders, removePrivate, type UserPlaces, writeForUser } from './user-folders.ts';
import { killLeftovers, signalTree, signalWaiting } from './process-ending.ts';
import { isRunning, refOf } from './process-table.ts';
import type { ShuffleService } from './shuffle-service.ts';
import { begunOrClaimed, nextStart } from './start-claim.ts';

type In<T extends Container['tag']> = Extract<Container, { tag: T }>;

export type RunnerPorts = {
  readonly folders: ContainerFolders;
  readonly launcher: Launcher;
  readonly localizer: Localizer;
  readonly prestart: PrestartPool;
  readonly runAs: RunAsUser;
  readonly shuffle: ShuffleService | undefined;
  readonly archives: LogArchives;
  /** node-health.ts */
  readonly diskFault: (look: boolean) => string | undefined;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly emit: (id: ContainerId, event: ContainerEvent) => void;
};
export type RunnerOptions = {
  readonly nodeId: string;
  readonly host: string;
  readonly inherited: Readonly<Record<string, string>>;
  readonly programs: Programs;
  readonly sigkillDelayMs: number;
  readonly deleteDelayMs: number;
};

const STDERR_TAIL_BYTES = 4096;

export class ContainerRunner {
  readonly #ports: RunnerPorts;
  readonly #options: RunnerOptions;
  readonly #roots = new Map<ContainerId, ProcessRef>();

  constructor(ports: RunnerPorts, options: RunnerOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  async localize(c: In<'LOCALIZING'>): Promise<void> {
    const { folders, localizer, clock, emit, diskFault } = this.#ports;
    const disks = diskFault(false);
    if (disks !== undefined) {
      const atMs = clock.nowMs();
      return emit(c.id, { tag: 'localizationFailed', atMs, ...neverRan('', disks, atMs) });
    }
    try {
      const account = await this.#ports.runAs.accountFor(c.user);
      if (account !== undefined) {
        await this.#localizeAs(account, c);
        return emit(c.id, { tag: 'localized', atMs: clock.nowMs() });
      }
      const workDir = folders.workDir(c);
      // Left by a NodeManager that was killed while it fetched files: half of them are there, and each would count as a second of its name.
      if (existsSync(workDir)) await rm(workDir, { recursive: true, force: true });
      folders.make(c);
      await localizer.localize(c.launch.resources, workDir, c.applicationId);
      emit(c.id, { tag: 'localized', atMs: clock.nowMs() });
    } catch (error) {
      const atMs = clock.nowMs();
      emit(c.id, { tag: 'localizationFailed', atMs, ...neverRan(sentenceOf(error), diskFault(true), atMs) });
    }
  }

  async #localizeAs(account: Account, c: In<'LOCALIZING'>): Promise<void> {
    const { folders, localizer, runAs } = this.#ports;
    const places = folders.userPlaces(c);
    await runAs.remove(account, [places.workDir]); // half of it, left by a NodeManager that was killed
    const work = makeUserFolders(places, account);
    const readAs = async (path: string) => {
      const to = makeForUser(places, account);
      await runAs.copy(account, path, to).catch((error: Error) => {
        const detail = `${account.name} can't read it there (${error.message.trim().split('\n').at(-1)})`;
        throw new AppError('LOCALIZATION_FAILED', { resource: path, detail });
      });
      return to;
    };
    await localizer.localize(c.launch.resources, work, c.applicationId, readAs);
    await handOver(places, account);
  }

  async start(c: In<'SCHEDULED'>): Promise<void> {
    const { clock, emit, diskFault } = this.#ports;
    try {
      const launched = await this.#launch(c);
      const process = refOf(launched.pid) ?? { pid: launched.pid, startTicks: 0 };
      emit(c.id, { tag: 'started', atMs: clock.nowMs(), process });
      void launched.ended.then((end) => this.ended(c, statusOf(end)));
    } catch (error) {
      const atMs = clock.nowMs();
      const { message } = new AppError('LAUNCH_FAILED', { containerId: c.id, detail: sentenceOf(error) });
      emit(c.id, { tag: 'startFailed', atMs, ...neverRan(message, diskFault(true), atMs) });
    }
  }

  /** The first process of the container is gone. @param exitStatus undefined: read what the wrapper left (adopted containers) */
  ended(c: Pick<Container, 'id' | 'applicationId'>, exitStatus: number | undefined = this.#exitCodeOf(c.id)): void {
    const atMs = this.#ports.clock.nowMs();
    const status = exitStatus ?? EXIT.LOST;
    const lost = exitStatus === undefined ? `${stamp(atMs)}Container ended without an exit code while no NodeManager watched.\n` : '';
    const diagnostics = lost + exitDiagnostics(c.id, status, atMs, status === 0 ? '' : this.#stderrTail(c));
    this.#ports.emit(c.id, { tag: 'exited', atMs, exitStatus: status, diagnostics, killedText: killedText(status, atMs) });
  }

  remember(id: ContainerId, root: ProcessRef): void {
    this.#roots.set(id, root);
  }

  /** The process of a start that the journal does not know (kill -9 between the two); without one, none of before can begin any more. */
  startedUnseen(id: ContainerId): ProcessRef | undefined {
    const pid = begunOrClaimed(this.#ports.folders.controlDir(id));
    return pid > 0 ? (refOf(pid) ?? { pid, startTicks: -1 }) : undefined;
  }

  kill(id: ContainerId, root: ProcessRef): void {
    signalTree(root, 'SIGTERM');
    this.#ports.timers.after(this.#options.sigkillDelayMs, () => {
      if (isRunning(root))
        this.#ports.logger.info(`Container ${id} did not end on SIGTERM within ${this.#options.sigkillDelayMs} ms: SIGKILL.`);
      signalTree(root, 'SIGKILL');
    });
  }

  /** As an operator wants it: whether its processes end, and how, is theirs. */
  signal(id: ContainerId, signal: ContainerSignal): void {
    const root = this.#roots.get(id);
    if (root === undefined) return; // it has ended, or has not begun
    const { logger } = this.#ports;
    if (signal !== 'SIGQUIT') {
      logger.info(`Sending ${signal} to ${id}`);
      signalTree(root, signal);
    } else if (signalWaiting(root, signal) === 0)
      logger.warn(`No thread dump of ${id}: none of its processes waits for ${signal}, and who does not would die of it`);
    else logger.info(`Sent ${signal} to ${id}: its thread dump is in its stdout`);
  }

  endLeftovers(id: ContainerId): void {
    const killed = killLeftovers(id, this.#roots.get(id));
    if (killed > 0) this.#ports.logger.info(`${killed} processes of ${id} outlived it and were killed.`);
    this.#roots.delete(id);
  }

  async cleanup(c: In<'EXITED_WITH_SUCCESS' | 'EXITED_WITH_FAILURE'>): Promise<void> {
    const { folders, timers, logger, emit, runAs } = this.#ports;
    const account = await runAs.accountFor(c.user).catch(() => undefined);
    if (account !== undefined) await this.#removeAs(account, folders.userPlaces(c));
    const later = this.#options.deleteDelayMs;
    await folders
      .removeContainer(c, later > 0)
      .catch((error: Error) => logger.warn(`The work folder of ${c.id} could not be removed: ${error.message}`));
    if (later > 0) timers.after(later, () => void folders.removeContainer(c, false).catch(() => {}));
    emit(c.id, { tag: 'cleaned' });
  }

  async #removeAs(account: Account, places: UserPlaces): Promise<void> {
    const { runAs, logger } = this.#ports;
    const failed = (error: Error) => logger.warn(`The work folder ${places.workDir} could not be removed: ${error.message}`);
    if (this.#options.deleteDelayMs === 0) await runAs.remove(account, [places.workDir]).catch(failed);
    await removePrivate(places).catch(failed);
  }

  /** @returns when they are gone: after the delay of yarn.nodemanager.delete.debug-delay-sec */
  async cleanApplication(id: ApplicationId): Promise<void> {
    const { folders, timers, logger, shuffle, archives, runAs } = this.#ports;
    const { deleteDelayMs } = this.#options;
    shuffle?.stopApplication(id);
    await archives.pack(id);
    if (deleteDelayMs > 0) await new Promise<void>((resolve) => timers.after(deleteDelayMs, resolve));
    for (const { user, dir } of runAs.active ? await folders.userDirs(id) : []) {
      const account = await runAs.accountFor(user).catch(() => undefined);
      if (account !== undefined) await runAs.remove(account, [dir]).catch((error: Error) => logger.warn(`${dir}: ${error.message}`));
    }
    await folders.removeApplication(id).catch((error: Error) => logger.warn(`Folders of ${id} could not be removed: ${error.message}`));
  }

  /** The wrapper is root's, with nothing of the user in its environment; what it starts is the user's, and has his from a file. */
  async #launchAs(account: Account, c: In<'SCHEDULED'>): Promise<LaunchedProcess> {
    const { folders, launcher, runAs, shuffle } = this.#ports;
    const places = folders.userPlaces(c);
    const tokenFile = writeForUser(places, 'tokens', tokenFileText(c.launch), account);
    const ids = { containerId: c.id, applicationId: c.applicationId, user: c.user };
    const inherited = { ...this.#options.inherited, HOME: account.home, TMPDIR: '/tmp' };
    const env = {
      ...environmentOf(c.launch, { ...places, logDir: places.workDir, tokenFile }, { ...this.#options, inherited }, ids),
      ...(c.launch.kind === 'executor' && shuffle?.initializeApplication(c)),
    };
    const argv = argvOf(c.launch, c.resource, this.#options.programs);
    if (argv.length === 0) throw new Error('there is no command to run');
    const script = writeForUser(places, 'launch.sh', launchScript(env, argv), account);
    makeLogFiles(places);
    return launcher.launch({
      ...wrapped(c.id, places.controlDir, nextStart(places.controlDir), runAs.command(account, ['/bin/sh', script])),
      cwd: places.workDir,
      env: { PATH: '/usr/bin:/bin', CONTAINER_ID: c.id }, // by the id leftovers are found
      stdoutPath: join(places.logDir, 'stdout'),
      stderrPath: join(places.logDir, 'stderr'),
    });
  }

  async #launch(c: In<'SCHEDULED'>): Promise<LaunchedProcess> {
    const account = await this.#ports.runAs.accountFor(c.user);
    if (account !== undefined) return this.#launchAs(account, c);
    const { folders, launcher } = this.#ports;
    const [workDir, logDir, controlDir] = [folders.workDir(c), folders.logDir(c), folders.controlDir(c.id)];
    const tokenFile = join(controlDir, 'tokens');
    const ids = { containerId: c.id, applicationId: c.applicationId, user: c.user };
    const env = {
      ...environmentOf(c.launch, { workDir, logDir, applicationDirs: folders.applicationDirs(c), tokenFile }, this.#options, ids),
      ...(c.launch.kind === 'executor' && this.#ports.shuffle?.initializeApplication(c)),
    };
    const idle =
      c.launch.kind === 'executor' && !c.launch.env.EMBERLOOM_NODE_OPTIONS
        ? this.#ports.prestart.claim(c.launch.env.EMBERLOOM_EXECUTOR_CORES ?? '1', c.user)
        : undefined;
    if (idle !== undefined) {
      this.#take(idle, controlDir, logDir);
      writeFileSync(tokenFile, tokenFileText(c.launch), { mode: 0o600 });
      idle.process.control?.end(`${JSON.stringify({ env, secrets: c.launch.secretEnv, cwd: workDir })}\n`);
      return idle.process;
    }
    writeFileSync(tokenFile, tokenFileText(c.launch), { mode: 0o600 });
    const argv = argvOf(c.launch, c.resource, this.#options.programs);
    if (argv.length === 0) throw new Error('there is no command to run');
    return launcher.launch({
      ...wrapped(c.id, controlDir, nextStart(controlDir), argv),
      cwd: workDir,
      env,
      stdoutPath: join(logDir, 'stdout'),
      stderrPath: join(logDir, 'stderr'),
    });
  }

  /** The idle process's files become the container's; it has them open, so it goes on writing into them. */
  #take(idle: Idle, controlDir: string, logDir: string): void {
    rmSync(controlDir, { recursive: true, force: true });
    renameSync(idle.controlDir, controlDir);
    for (const name of ['stdout', 'stderr']) renameSync(join(idle.logDir, name), join(logDir, name));
    rmSync(idle.logDir, { recursive: true, force: true });
  }

  #exitCodeOf(id: ContainerId): number | undefined {
    const text = readOr(join(this.#ports.folders.controlDir(id), 'exitcode'), '');
    return /^\d+\n$/.test(text) ? Number(text) : undefined;
  }

  #stderrTail(c: Pick<Container, 'id' | 'applicationId'>): string {
    try {
      const fd = openSync(join(this.#ports.folders.logDir(c), 'stderr'), 'r');
      try {
        const { size } = fstatSync(fd);
        const tail = Buffer.alloc(Math.min(size, STDERR_TAIL_BYTES));
        readSync(fd, tail, 0, tail.length, size - tail.length);
        return tail.toString('utf8');
      } finally {
        closeSync(fd);
      }
    } catch {
      return ''; // it never got to write
    }
  }
}

/** 128 + n for a signal, as shells say it. */
export function statusOf({ exitCode, signal }: ProcessEnd): number {
  return exitCode ?? 128 + (constants.signals[signal as keyof typeof constants.signals] ?? 0);
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function readOr(path: string, fallback: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return fallback;
  }
}
