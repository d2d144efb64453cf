// The status of the running application: the store that listens to the bus, and the HTTP server that shows it (ui-server.ts). What the server
// answers is ui-app.ts, loaded at its first request or in a quiet moment before. Source: Spark's AppStatusStore.createLiveStore and SparkUI.
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import type { AppHandle, LiveApp } from '../../../status/rest/app-source.ts';
import { allAlarms } from '../../../status/alarms/all-alarms.ts';
import { liveTaskTables } from '../../../status/store/live-task-table.ts';
import { StatusState } from '../../../status/store/status-state.ts';
import { StatusStore } from '../../../status/store/status-store.ts';
import { applicationSummary } from '../../../status/summary.ts';
import type { DriverHost } from './driver-host.ts';
import type { ListenerBus } from './listener-bus.ts';
import type { SparkConf } from './spark-conf.ts';
import type { UiSettings } from './ui-app.ts';
import { UiServer } from './ui-server.ts';
import { warmUp } from './ui-warm-up.ts';

/** Without a job the page still comes, this long after the context, ms. */
const IDLE_START_MS = 100;

export type StatusOptions = {
  readonly conf: SparkConf;
  readonly host: DriverHost;
  readonly bus: ListenerBus;
  readonly live: LiveApp;
  readonly eventLog: AppHandle['eventLog'];
  /** Where the page is, once it is somewhere: for the cluster manager. */
  readonly onUrl: (url: string) => void;
};

export class ApplicationStatus {
  readonly store: StatusStore;
  readonly #options: StatusOptions;
  readonly #server: UiServer | undefined;
  #cancelIdle: (() => void) | undefined;
  #cancelWarmUp: (() => void) | undefined;
  #started: Promise<void> | undefined;
  #summarise: boolean;

  /** In the turn in which the context is made, so that the store hears all. */
  constructor(options: StatusOptions) {
    const { conf, host, bus } = options;
    this.#options = options;
    const retention = {
      jobs: conf.read(SPARK_KEYS.retainedJobs)!,
      stages: conf.read(SPARK_KEYS.retainedStages)!,
      deadExecutors: conf.read(SPARK_KEYS.retainedDeadExecutors)!,
      sqlExecutions: conf.read(SPARK_KEYS.retainedSqlExecutions)!,
    };
    const state = new StatusState(liveTaskTables(conf.read(SPARK_KEYS.retainedTasks)!), retention);
    this.store = new StatusStore(state, { nowMs: () => host.clock.nowMs(), alarms: allAlarms });
    const uiEnabled = conf.read(SPARK_KEYS.uiEnabled)!;
    this.#summarise = conf.read(SPARK_KEYS.summary)!;
    if (uiEnabled || this.#summarise) bus.add(this.store);
    if (!uiEnabled) return;
    this.#server = new UiServer({
      bindAddress: conf.read(SPARK_KEYS.uiBindAddress)!,
      port: conf.get('spark.submit.deployMode', 'client') === 'cluster' ? 0 : conf.read(SPARK_KEYS.uiPort)!,
      maxRetries: conf.read(SPARK_KEYS.portMaxRetries)!,
      hostNames: [...(host.publicName === undefined ? [] : [host.publicName]), host.hostName],
      log: host.logger,
      load: async () => (await host.loadUi()).uiHandler(this.#settings()),
    });
    this.#cancelIdle = host.timers.after(IDLE_START_MS, () => this.#start());
  }

  get uiWebUrl(): string | undefined {
    return this.#server?.url;
  }

  /** A job was submitted: when its first tasks are on their way there is time for this. */
  wake(): void {
    if (this.#server !== undefined && this.#started === undefined && this.#cancelIdle !== undefined) setImmediate(() => this.#start());
  }

  /** After the last event. */
  stop(): void {
    if (this.#summarise) this.#options.host.stderr.write(applicationSummary(this.store));
    this.#summarise = false;
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    this.#cancelWarmUp?.();
    this.#server?.stop();
  }

  #start(): void {
    if (this.#cancelIdle === undefined) return; // stopped
    this.#cancelIdle();
    this.#started ??= this.#server!.start().then((url) => {
      if (url === undefined) return;
      this.#options.onUrl(url);
      this.#cancelWarmUp = warmUp(
        this.#options.host.timers,
        () => this.#jobRuns(),
        () => this.#server!.load(),
      );
    });
  }

  #jobRuns(): boolean {
    for (const job of this.store.state.jobs.values()) if (job.status === 'RUNNING') return true;
    return false;
  }

  #settings(): UiSettings {
    const { conf, host, live, eventLog } = this.#options;
    return {
      app: { view: this.store, live, eventLog },
      state: this.store.state,
      version: host.version,
      pagesFolder: host.pagesFolder,
      prometheus: conf.read(SPARK_KEYS.uiPrometheusEnabled)!,
      metricsNamespace: conf.read(SPARK_KEYS.metricsNamespace),
    };
  }
}
