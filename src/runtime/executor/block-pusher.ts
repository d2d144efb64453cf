// Push-based shuffle, the executor's half: pushes the small blocks of map outputs that this executor has written to the services that merge them, on the
// main thread, after the task has ended. Best effort: what can't be pushed is read from the map output. The driver is told when a map output is through.
// What goes where is shuffle/push-plan.ts; the other end is the NodeManager's block-merger.ts. Source: Spark's ShuffleBlockPusher.
import { open, readFile } from 'node:fs/promises';
import { AppError } from '../../common/errors.ts';
import { settingOf } from '../../common/key.ts';
import type { Logger } from '../../common/ports.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';
import type { ReplyOf, RequestOf } from '../../rpc/define-rpc.ts';
import { PUSH_BLOCKS, PUSH_BYTES, type shufflePush } from '../../rpc/messages/shuffle-push.ts';
import type { MapOutputNews } from './worker-settings.ts';
import { decodeIndex } from '../shuffle/bucket-format.ts';
import { planPushes, type PushLimits, type PushRequest } from '../shuffle/push-plan.ts';

export type Pushed = ReplyOf<typeof shufflePush>;

export type BlockPusherParts = {
  readonly mergers: (shuffleId: number) => Promise<{ readonly mergers: readonly string[]; readonly attempt: number }>;
  readonly send: (address: string, push: RequestOf<typeof shufflePush>) => Promise<Pushed>;
  /** To the driver. */
  readonly done: (shuffleId: number, mapIndex: number) => void;
  readonly settings: PushSettings;
  readonly random: () => number;
  readonly log: Logger;
};
export type PushSettings = PushLimits & { readonly atOnce: number };

/** @returns undefined: the application does not push. @throws AppError CONFIG_BAD_VALUE */
export function pushSettings(conf: ReadonlyMap<string, string>, cores: number): PushSettings | undefined {
  if (!settingOf(conf, SPARK_KEYS.pushEnabled)) return undefined;
  const { pushThreads } = SPARK_KEYS;
  return {
    maxBlockBytes: Math.min(PUSH_BYTES, settingOf(conf, SPARK_KEYS.pushMaxBlockBytes)),
    batchBytes: Math.min(PUSH_BYTES, settingOf(conf, SPARK_KEYS.pushBatchBytes)),
    batchBlocks: PUSH_BLOCKS,
    atOnce: Math.max(1, conf.has(pushThreads.name) ? settingOf(conf, pushThreads) : cores),
  };
}

export class BlockPusher {
  readonly #parts: BlockPusherParts;
  readonly #waiting: MapOutputNews[] = [];
  /** Known while any of its map outputs is pushed here. */
  readonly #gone = new Set<string>();
  #running = 0;

  constructor(parts: BlockPusherParts) {
    this.#parts = parts;
  }

  push(output: MapOutputNews): void {
    this.#waiting.push(output);
    if (this.#running < this.#parts.settings.atOnce) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running++;
    for (let output = this.#waiting.shift(); output !== undefined; output = this.#waiting.shift()) {
      try {
        await this.#one(output);
      } catch (error) {
        this.#parts.log.warn(`Map output ${output.file} is not pushed: ${(error as Error).message}`);
      }
      this.#parts.done(output.shuffleId, output.mapIndex);
    }
    this.#running--;
    if (this.#running === 0) this.#gone.clear(); // a service may be started again
  }

  async #one({ shuffleId, mapIndex, file, bytes }: MapOutputNews): Promise<void> {
    const { mergers, attempt } = await this.#parts.mergers(shuffleId);
    if (mergers.length === 0) return;
    const index = decodeIndex(await readFile(`${file}.index`));
    if (index === undefined) throw new Error(`${file}.index is damaged`);
    const requests = shuffled(planPushes(bytes, mergers, this.#parts.settings), this.#parts.random);
    const handle = await open(file, 'r');
    try {
      for (const request of requests) {
        if (this.#gone.has(request.address)) continue;
        const data = Buffer.allocUnsafe(request.lengthBytes);
        const { bytesRead } = await handle.read(data, 0, data.length, request.offset);
        if (bytesRead !== data.length) throw new Error(`it ends at ${request.offset + bytesRead}`);
        const blocks = request.blocks.map((block) => ({ ...block, checksum: index.checksums[block.reduceId]! }));
        const pushed = await this.#send(request, { shuffleId, attempt, mapIndex, blocks, data });
        if (pushed !== undefined && pushed.late > 0) return; // the merge is over, for all services
      }
    } finally {
      await handle.close();
    }
  }

  /** @returns undefined: this service is left out from now on */
  async #send({ address }: PushRequest, push: RequestOf<typeof shufflePush>): Promise<Pushed | undefined> {
    try {
      return await this.#parts.send(address, push);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#gone.add(address);
      this.#parts.log.warn(`Blocks are not pushed to ${address}: ${error.message}`);
      return undefined;
    }
  }
}

/** In another order for each map task, so that they do not all go to the same service at once. */
function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
