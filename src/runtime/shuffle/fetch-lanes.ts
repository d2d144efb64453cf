// Runs the fetch requests of one reduce task within bounds: bytes in flight, requests in flight, blocks of one server. The first failure ends it,
// when the requests that are under way have ended too: nothing of it goes on behind the caller's back.

/** Of one server. */
type Request = { readonly address: string; readonly bytes: number; readonly blocks: readonly unknown[] };
export type FetchBounds = { readonly inFlightBytes: number; readonly requestsInFlight: number; readonly blocksPerAddress: number };

/**
 * @param bytesOf what a request has under way at most: a large block is fetched piece by piece
 * @throws what the first failed request threw
 */
export async function runBounded<R extends Request>(
  requests: readonly R[],
  bounds: FetchBounds,
  bytesOf: (request: R) => number,
  run: (request: R) => Promise<void>,
): Promise<void> {
  const waiting = [...requests];
  const running = new Set<Promise<void>>();
  const blocksAt = new Map<string, number>();
  let bytes = 0;
  let failure: { readonly error: unknown } | undefined;
  const fits = (request: R) =>
    running.size === 0 ||
    (running.size < bounds.requestsInFlight &&
      bytes + bytesOf(request) <= bounds.inFlightBytes &&
      blocksUnder(request) + request.blocks.length <= bounds.blocksPerAddress);
  const blocksUnder = ({ address }: R) => blocksAt.get(address) ?? 0;
  const start = (request: R) => {
    bytes += bytesOf(request);
    blocksAt.set(request.address, blocksUnder(request) + request.blocks.length);
    const one: Promise<void> = run(request)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        bytes -= bytesOf(request);
        blocksAt.set(request.address, blocksUnder(request) - request.blocks.length);
        running.delete(one);
      });
    running.add(one);
  };
  while (failure === undefined && waiting.length > 0) {
    const next = waiting.findIndex(fits);
    if (next >= 0) start(waiting.splice(next, 1)[0]!);
    else await Promise.race(running);
  }
  await Promise.all(running);
  if (failure !== undefined) throw failure.error;
}
