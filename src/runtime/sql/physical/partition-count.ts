// How many partitions an exchange has: as many for each slot, so large that writing them is worth it.
/** More partitions than this cost more to write than they save. */
const MOST_PARTITIONS = 32;
const PARTITION_BYTES = 32 << 20;
/** Of an exchange of so many bytes: as many for each slot. @param settings what the user said goes first */
export function partitionsFor(bytes: number, settings: { readonly slots: number; readonly shufflePartitions: number | undefined }): number {
  const { shufflePartitions, slots } = settings;
  if (shufflePartitions !== undefined) return shufflePartitions;
  const rounds = Math.ceil(bytes / PARTITION_BYTES / slots);
  return Math.max(2, Math.min(MOST_PARTITIONS, Math.max(1, rounds) * slots));
}
