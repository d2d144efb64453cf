// Push-based shuffle, the driver's words: tells executors where to push and hears what they have pushed, and tells shuffle services that a merge is over
// and gathers what they merged. When that is so decides core/shuffle-merges.ts. The other ends are executor/block-pusher.ts and the NodeManager's
// block-merger.ts. Source: Spark's DAGScheduler.finalizeShuffleMerge.
import { AppError } from '../../../common/errors.ts';
import type { Logger } from '../../../common/ports.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import { connectPeer } from '../../../rpc/connect.ts';
import type { ReplyOf } from '../../../rpc/define-rpc.ts';
import { shuffleFinalize, shuffleMergers, shufflePushed } from '../../../rpc/messages/shuffle-push.ts';
import type { Peer } from '../../../rpc/peer.ts';
import type { MergedPartition } from '../../plan/stage-install.ts';
import type { PushRules } from '../core/shuffle-merges.ts';
import type { ClusterManager } from './cluster-manager.ts';
import type { DriverHost } from './driver-host.ts';
import type { DriverLoop } from './driver-loop.ts';
import type { SparkConf } from './spark-conf.ts';

export type FinalizeMerge = (shuffleId: number, mergers: readonly string[], awaited: boolean) => Promise<readonly MergedPartition[]>;

/** @returns undefined: off, or there is no service that could merge, which is warned of */
function pushRules(conf: SparkConf, tasksPerExecutor: number, log: Logger): PushRules | undefined {
  if (!conf.read(SPARK_KEYS.pushEnabled)!) return undefined;
  if (conf.get('spark.master') !== 'yarn' || !conf.read(SPARK_KEYS.shuffleServiceEnabled)!) {
    log.warn(
      'Push-based shuffle is enabled and not used: it needs --master yarn and spark.shuffle.service.enabled=true. Shuffles go on without it.',
    );
    return undefined;
  }
  const dynamic = conf.read(SPARK_KEYS.dynamicAllocation)!;
  return {
    finalizeMs: conf.read(SPARK_KEYS.pushFinalizeMs)!,
    minBytesToWait: conf.read(SPARK_KEYS.pushMinBytesToWait)!,
    minCompletedRatio: conf.read(SPARK_KEYS.pushMinCompletedRatio)!,
    mergersMinRatio: conf.read(SPARK_KEYS.pushMergersMinRatio)!,
    mergersMinStatic: conf.read(SPARK_KEYS.pushMergersMinStatic)!,
    maxRetainedMergers: Math.max(1, conf.read(SPARK_KEYS.pushMaxRetainedMergers)!),
    maxExecutors: dynamic ? conf.read(SPARK_KEYS.maxExecutors)! : conf.read(SPARK_KEYS.executorInstances)!,
    tasksPerExecutor: Math.max(1, tasksPerExecutor),
  };
}

export type MergeFinalizerParts = {
  readonly host: Pick<DriverHost, 'transport' | 'timers'>;
  readonly manager: ClusterManager;
  readonly log: Logger;
  readonly loop: () => DriverLoop;
};

/** @returns undefined where push-based shuffle is off */
export function pushMerges(conf: SparkConf, tasksPerExecutor: number, parts: MergeFinalizerParts): MergeFinalizer | undefined {
  const rules = pushRules(conf, tasksPerExecutor, parts.log.named('SparkContext'));
  return rules && new MergeFinalizer(rules, conf.read(SPARK_KEYS.pushResultsMs)!, { ...parts, log: parts.log.named('DAGScheduler') });
}

export class MergeFinalizer {
  readonly rules: PushRules;
  readonly #parts: MergeFinalizerParts;
  readonly #timeoutMs: number;

  constructor(rules: PushRules, timeoutMs: number, parts: MergeFinalizerParts) {
    this.rules = rules;
    this.#parts = parts;
    this.#timeoutMs = timeoutMs;
  }

  /** An executor has registered. @param service its shuffle service's address */
  accept(peer: Peer, service: string | undefined, host: string): void {
    const loop = this.#parts.loop();
    if (service === undefined || loop.core.merges === undefined) return;
    loop.core.merges.serviceSeen(service, host);
    peer.serve(shuffleMergers, ({ shuffleId }) => ({ mergers: [...loop.core.mergersOf(shuffleId)], attempt: this.#attempt }));
    peer.on(shufflePushed, ({ shuffleId, mapIndex }) => loop.mapPushed(shuffleId, mapIndex));
  }

  readonly finalize: FinalizeMerge = async (shuffleId, mergers) => {
    const merged = await Promise.all(mergers.map((address) => this.#at(address, shuffleId)));
    return merged.flat().sort((a, b) => a.reduceId - b.reduceId);
  };

  /** The application's: shuffle ids begin anew with each, and files of the one before may still be there. */
  get #attempt(): number {
    return Number(this.#parts.manager.attemptId ?? 1);
  }

  async #at(address: string, shuffleId: number): Promise<MergedPartition[]> {
    const { manager, loop, log } = this.#parts;
    const merges = loop().core.merges!;
    const host = merges.hostOf(address);
    try {
      const partitions = await this.#ask(address, shuffleId);
      return partitions.map(({ lengthBytes, ...partition }) => ({ ...partition, address, host, bytes: lengthBytes }));
    } catch (error) {
      merges.serviceLost(address);
      log.warn(`What ${address} merged of shuffle ${shuffleId} of ${manager.applicationId} is not used: ${(error as Error).message}`);
      return [];
    }
  }

  /** @throws AppError, RPC_TIMEOUT also when the service takes the connection and says nothing */
  #ask(address: string, shuffleId: number): Promise<ReplyOf<typeof shuffleFinalize>['partitions']> {
    const { host, manager } = this.#parts;
    const { transport, timers } = host;
    const id = `block:${manager.applicationId}/driver`;
    const connecting = connectPeer(transport, address, 'the shuffle service', { id, secret: manager.secret });
    return new Promise((resolve, reject) => {
      const message = shuffleFinalize.name;
      const cancel = timers.after(this.#timeoutMs, () =>
        reject(new AppError('RPC_TIMEOUT', { message, timeoutMs: this.#timeoutMs, peer: 'the shuffle service' })),
      );
      connecting
        .then(async (service) => {
          const { partitions } = await service.call(shuffleFinalize, { shuffleId, attempt: this.#attempt }, this.#timeoutMs);
          service.close();
          resolve(partitions);
        })
        .catch(reject)
        .finally(cancel);
    });
  }
}
