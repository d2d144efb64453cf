// Files of an application on their way between hosts: the submitter leaves them with the ResourceManager, NodeManagers take them from there,
// by the hash of their content. Where submitter and nodes share a file system nothing of this happens.
import { anApplicationId, bool, bytes, object, text, whole } from '../../common/shape.ts';
import { defineRpc } from '../define-rpc.ts';

const file = { applicationId: anApplicationId, sha256: text };

export const stagingPut = defineRpc({
  version: 1,
  name: 'staging.put',
  from: 'client',
  to: 'ResourceManager',
  timeoutMs: 60_000,
  safeToRepeat: true,
  doc: `A piece of a file of sizeBytes whose content has this SHA-256. Only the piece that follows what is there is taken, so the same again changes nothing; the reply says how much
is there, and that is where the next piece begins. A piece without bytes asks only. complete: all of it is there, and was checked; content of
another hash is dropped whole, and bytes is 0 again.
Whoever leaves the first file for an application that is not yet submitted is the only one who does.
The file is removed with its application.`,
  request: object({ ...file, sizeBytes: whole, offset: whole, data: bytes }),
  reply: object({ bytes: whole, complete: bool }),
  errors: ['STAGING_FULL', 'STAGING_REFUSED', 'APPLICATION_FINISHED', 'ACCESS_DENIED'],
});

export const stagingGet = defineRpc({
  version: 1,
  name: 'staging.get',
  from: 'NodeManager',
  to: 'ResourceManager',
  timeoutMs: 60_000,
  safeToRepeat: true,
  doc: 'A range of a complete file, at most lengthBytes (4 MiB); no bytes: it ends there.',
  request: object({ ...file, offset: whole, lengthBytes: whole }),
  reply: object({ data: bytes, sizeBytes: whole }),
  errors: ['STAGED_FILE_MISSING'],
});

export const stagingMessages = [stagingPut, stagingGet] as const;
/** Bytes of a piece: a ResourceManager is at it for less than two milliseconds. */
export const STAGING_PIECE_BYTES = 1 << 20;
