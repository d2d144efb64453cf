// Why a block's checksum was wrong, twice: what its writer noted, and what the file gives now on the writer's host, say whether the disk or the way
// here spoilt it. Source: Spark's ShuffleChecksumUtils and Cause (SPARK-36206).

/** @param found what the server of the block read, undefined when it could not say */
export function diagnosis(found: { readonly written: number; readonly now: number } | undefined): string {
  if (found === undefined) return 'cause: unknown, its host could not look (UNKNOWN_ISSUE)';
  if (found.written !== found.now) return "cause: the disk of the writer's host, the file is not what was written (DISK_ISSUE)";
  return "cause: the network, the file on the writer's host is well (NETWORK_ISSUE)";
}

/** Read on this host, from the file itself. */
export const ON_THIS_DISK = 'cause: the disk of this host, the file is not what was written (DISK_ISSUE)';
