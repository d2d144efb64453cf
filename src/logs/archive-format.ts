// An archive of log files: what the containers of one application wrote on one node, in one compressed file. Layout: magic, then blocks
// (each a gzip member of at most BLOCK_BYTES, so that a part in the middle of a large file costs one block to read), then the index as
// JSON, gzipped, then a tail with where the index is. A file without a whole tail is not an archive: it was not finished.
// Written by write-archive.ts at the end of an application, read by read-archive.ts. Words only. Source: the idea of YARN's TFile and
// IndexedFormat of log aggregation.
import { aContainerId, anApplicationId, aNodeId, list, object, text, type TypeOf, whole } from '../common/shape.ts';

export const MAGIC = 'EMBERLOOM-LOGS-1\n';
export const BLOCK_BYTES = 256 * 1024;
/** Index offset (8 bytes, big endian), index length (4), and this. */
export const TAIL_MAGIC = 'EMLOGEND';
export const TAIL_BYTES = 8 + 4 + TAIL_MAGIC.length;

/** One block: where it is in the archive, its length there, how much it unpacks to. */
const aBlock = object({ at: whole, length: whole, rawBytes: whole });
const anArchivedFile = object({ containerId: aContainerId, name: text, sizeBytes: whole, modifiedAtMs: whole, blocks: list(aBlock) });
export const anArchiveIndex = object({
  applicationId: anApplicationId,
  nodeId: aNodeId,
  createdAtMs: whole,
  files: list(anArchivedFile),
});
export type ArchivedFile = TypeOf<typeof anArchivedFile>;
export type ArchiveIndex = TypeOf<typeof anArchiveIndex>;

/** Name of a node's archive in its application's folder. A node id may have a colon, which some file systems refuse. */
export const archiveName = (nodeId: string): string => `${nodeId.replaceAll(':', '_')}.logs`;
