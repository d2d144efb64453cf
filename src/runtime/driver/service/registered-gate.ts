// The first job waits until enough executors have registered, or until it has waited long enough: spark.scheduler.minRegisteredResourcesRatio and
// maxRegisteredResourcesWaitingTime. Spark waits for 0.8 of them on YARN and Kubernetes; here the default is 0 everywhere, so that a job begins
// with the first executor. Whoever counts on several from the first task on (copies of blocks, barriers, places of data) sets it.
// Source: Spark's CoarseGrainedSchedulerBackend.isReady, TaskSchedulerImpl.waitBackendReady.
import type { Logger, Timers } from '../../../common/ports.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import type { SparkConf } from './spark-conf.ts';

export class RegisteredGate {
  /** Resolves when jobs may begin. */
  readonly opened: Promise<void>;
  #open: (why: string) => void = () => {};
  readonly #wanted: number;
  readonly #reached: string = '';
  #registered = 0;

  /** @param expected executors that the application begins with */
  constructor(ratio: number, expected: number, mostMs: number, timers: Timers, log: Logger) {
    this.#wanted = Math.ceil(ratio * expected);
    if (this.#wanted === 0) {
      this.opened = Promise.resolve();
      return;
    }
    this.opened = new Promise((resolve) => {
      const stop = timers.after(mostMs, () => this.#open(`waiting maxRegisteredResourcesWaitingTime: ${mostMs}(ms)`));
      this.#open = (why) => {
        this.#open = () => {};
        stop();
        log.info(`SchedulerBackend is ready for scheduling beginning after ${why}`);
        resolve();
      };
    });
    this.#reached = `reached minRegisteredResourcesRatio: ${ratio}`;
  }

  executorRegistered(): void {
    if (++this.#registered >= this.#wanted) this.#open(this.#reached);
  }

  /** The application ends: nobody need wait. */
  stop(): void {
    this.#open('the end of the application');
  }
}

export const registeredGate = (conf: SparkConf, expectedExecutors: number, timers: Timers, log: Logger): RegisteredGate =>
  new RegisteredGate(conf.read(SPARK_KEYS.minRegisteredRatio)!, expectedExecutors, conf.read(SPARK_KEYS.maxRegisteredWaitMs)!, timers, log);
