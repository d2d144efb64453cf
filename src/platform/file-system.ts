// Of what kind the file system of a folder is. Locks and memory that processes share by a file are promises of one host's kernel: on a file system
// that several hosts have they do not hold.
import { statfsSync } from 'node:fs';

/** Source: statfs(2) and linux/magic.h. */
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x564c, 'NCP'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x73757245, 'Coda'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x19830326, 'BeeGFS'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
  [0x65735546, 'FUSE'],
]);

export const networkFileSystem = (magic: number): string | undefined => NETWORK.get(magic >>> 0);

/** @returns its name when several hosts may have it; FUSE may be one (sshfs, GlusterFS), and nothing says which. undefined: it is this host's */
export function sharedFileSystemOf(folder: string): string | undefined {
  return networkFileSystem(statfsSync(folder).type);
}
