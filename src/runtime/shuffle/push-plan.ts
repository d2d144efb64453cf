// Which blocks of one map output are pushed together, and where to. Pure. Each service merges a range of reduce partitions; blocks that lie behind one
// another in the map output and go to the same service are one push, up to a size; blocks above the limit are not pushed.
// Source: Spark's ShuffleBlockPusher.prepareBlockPushRequests.

export type PushBlock = { readonly reduceId: number; readonly lengthBytes: number };
/** Its blocks lie behind one another from `offset` on. */
export type PushRequest = {
  readonly address: string;
  readonly offset: number;
  readonly lengthBytes: number;
  readonly blocks: readonly PushBlock[];
};
export type PushLimits = { readonly maxBlockBytes: number; readonly batchBytes: number; readonly batchBlocks: number };

/** @param bytes of each reduce partition; empty blocks are left out */
export function planPushes(bytes: ArrayLike<number>, mergers: readonly string[], limits: PushLimits): PushRequest[] {
  const requests: PushRequest[] = [];
  let address = '';
  let blocks: PushBlock[] = [];
  let begins = 0;
  let length = 0;
  const end = () => {
    if (blocks.length > 0) requests.push({ address, offset: begins, lengthBytes: length, blocks });
    blocks = [];
    length = 0;
  };
  for (let reduceId = 0, offset = 0; reduceId < bytes.length; reduceId++) {
    const lengthBytes = bytes[reduceId]!;
    const to = mergers[mergerOf(reduceId, bytes.length, mergers.length)]!;
    if (lengthBytes > limits.maxBlockBytes) end();
    else if (lengthBytes > 0) {
      if (to !== address || length + lengthBytes > limits.batchBytes || blocks.length === limits.batchBlocks) end();
      if (blocks.length === 0) begins = offset;
      address = to;
      length += lengthBytes;
      blocks.push({ reduceId, lengthBytes });
    }
    offset += lengthBytes;
  }
  end();
  return requests;
}

const mergerOf = (reduceId: number, partitions: number, mergers: number) =>
  Math.min(Math.floor((reduceId / partitions) * mergers), mergers - 1);
