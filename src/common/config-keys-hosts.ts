// Settings of clusters of several hosts: by which names and interfaces daemons are reached, the operator's certificates, files on their way.
import { key } from './key.ts';

export const HOST_KEYS = {
  rmHostname: key({
    name: 'yarn.resourcemanager.hostname',
    unit: 'text',
    fallback: undefined,
    since: '0.9',
    doc: 'Name or address of the host of the ResourceManager. Where yarn.resourcemanager.address is not set, it means tls:<this>:8032.',
  }),
  rmBindHost: key({
    name: 'yarn.resourcemanager.bind-host',
    unit: 'text',
    fallback: undefined,
    since: '0.9',
    doc: 'Interface on which the ResourceManager listens (0.0.0.0: all). Default: the one that the host of its address names.',
  }),
  nmHostname: key({
    name: 'yarn.nodemanager.hostname',
    unit: 'text',
    fallback: undefined,
    since: '0.9',
    doc: "Name of a NodeManager's host: part of its node id, what locality means, and where others reach it. Default: the machine's name; where others reach it then is the address from which it reaches the ResourceManager. Two hosts must not share a name.",
  }),
  nmBindHost: key({
    name: 'yarn.nodemanager.bind-host',
    unit: 'text',
    fallback: undefined,
    since: '0.9',
    doc: 'Interface on which a NodeManager, its shuffle service and executors listen (0.0.0.0: all). Default: the one that the host of its address names.',
  }),
  tlsCert: key({
    name: 'emberloom.tls.cert',
    unit: 'text',
    fallback: undefined,
    since: '0.9',
    doc: "File with the operator's certificate (PEM) for all TLS connections of this host; needs emberloom.tls.key and emberloom.tls.ca. Not set: every process makes one of its own, and identity is proved by the secrets alone, over the very TLS session.",
  }),
  tlsKey: key({
    name: 'emberloom.tls.key',
    unit: 'text',
    fallback: undefined,
    since: '0.9',
    doc: 'File with the private key (PEM) of emberloom.tls.cert. Drivers and executors read it, too: their user must be able to.',
  }),
  tlsCa: key({
    name: 'emberloom.tls.ca',
    unit: 'text',
    fallback: undefined,
    since: '0.9',
    doc: 'File with the certificates (PEM) of the authority that signed those of all hosts: both sides of every TLS connection are checked against it, besides the proof of the secret.',
  }),
  stagingMaxMbPerUser: key({
    name: 'emberloom.staging.max-mb-per-user',
    unit: 'count',
    fallback: '5120',
    since: '1.1',
    doc: 'The same for what one user leaves, in MiB, so that nobody takes all of it.',
  }),
  stagingMaxMb: key({
    name: 'emberloom.staging.max-mb',
    unit: 'count',
    fallback: '10240',
    since: '0.9',
    doc: 'The most that submitters of other hosts may leave in staging/ of the ResourceManager, in MiB, all applications together; a file above it is refused. It is removed with its application.',
  }),
};
