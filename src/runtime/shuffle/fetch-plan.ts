// Which blocks of one reduce partition are asked for together: small blocks of one server in batches, a large one by itself. Pure; the order is
// fixed, and begins at another server for each partition, so that not all readers ask the same one first. Source: the fetch requests of Spark's
// ShuffleBlockFetcherIterator.
import type { MapOutput } from '../plan/stage-install.ts';

/** A block as its reader asks for it; where it lies follows from the sizes that the map task told. */
export type RemoteBlock = {
  readonly output: MapOutput;
  readonly offset: number;
  readonly bytes: number;
  /** Of its checksum in `<file>.index`. */
  readonly checksumOffset: number;
};
export type FetchRequest = { readonly address: string; readonly blocks: readonly RemoteBlock[]; readonly bytes: number };
export type FetchLimits = { readonly batchBytes: number; readonly batchBlocks: number };

/** Batches go on while they are below the limits; a block above them is a request of its own. Empty blocks are left out. */
export function planFetches(outputs: readonly MapOutput[], partition: number, limits: FetchLimits): FetchRequest[] {
  const byAddress = new Map<string, RemoteBlock[]>();
  for (const output of outputs) {
    if (output.bytes[partition] === 0) continue;
    const blocks = byAddress.get(output.blockAddress);
    if (blocks === undefined) byAddress.set(output.blockAddress, [blockOf(output, partition)]);
    else blocks.push(blockOf(output, partition));
  }
  const requests = [...byAddress].map(([address, blocks]) => requestsOf(address, blocks, limits));
  return inTurns(requests, requests.length === 0 ? 0 : partition % requests.length);
}

function blockOf(output: MapOutput, partition: number): RemoteBlock {
  let offset = 0;
  for (let p = 0; p < partition; p++) offset += output.bytes[p]!;
  return { output, offset, bytes: output.bytes[partition]!, checksumOffset: checksumOffsetOf(output.bytes.length, partition) };
}

/** In the index file: bucket-format.ts. */
const checksumOffsetOf = (partitions: number, partition: number) => 8 + (partitions + 1) * 8 + partitions * 8 + partition * 4;

function requestsOf(address: string, blocks: readonly RemoteBlock[], { batchBytes, batchBlocks }: FetchLimits): FetchRequest[] {
  const requests: FetchRequest[] = [];
  let batch: RemoteBlock[] = [];
  let bytes = 0;
  const end = () => {
    if (batch.length > 0) requests.push({ address, blocks: batch, bytes });
    batch = [];
    bytes = 0;
  };
  for (const block of blocks) {
    if (bytes + block.bytes > batchBytes || batch.length === batchBlocks) end();
    batch.push(block);
    bytes += block.bytes;
  }
  end();
  return requests;
}

/** One of each server in turn, beginning with the server `first`. */
function inTurns(lists: readonly (readonly FetchRequest[])[], first: number): FetchRequest[] {
  const all: FetchRequest[] = [];
  const longest = Math.max(0, ...lists.map((list) => list.length));
  for (let turn = 0; turn < longest; turn++) {
    for (let i = 0; i < lists.length; i++) {
      const request = lists[(i + first) % lists.length]![turn];
      if (request !== undefined) all.push(request);
    }
  }
  return all;
}
