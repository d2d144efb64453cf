// The secret of one user of the cluster: made from the cluster's, so nobody needs to store it twice, and by generation, so that it
// can be taken back. Who has it may say `user:<name>` to a daemon; who has the cluster's may say `client:<any name>`. Why: docs/adr/0014.
import { createHmac } from 'node:crypto';

/** @param generation 1, 2, …: raised to take the ones before back @returns hex of 32 bytes */
export const userSecret = (clusterSecret: string, user: string, generation: number): string =>
  createHmac('sha256', clusterSecret).update(`user-secret|${generation}|${user}`).digest('hex');

/** What a user shows to a web page: it proves who he is and opens nothing else than HTTP. */
export const httpToken = (secret: string, user: string): string => createHmac('sha256', secret).update(`http-token|${user}`).digest('hex');

/** A name that can be a file name, a word on a command line and a user of a system. */
export const isUserName = (name: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$/.test(name);
