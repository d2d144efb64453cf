// A bucket of an object store as the kernel and our own client reach it (s3a://…). Keys travel here, never in a text of SQL.

export type ObjectStore = {
  readonly bucket: string;
  /** Without scheme: `minio:9000`. */
  readonly endpoint: string;
  readonly isSecure: boolean;
  /** The bucket in the path, not in the host's name. */
  readonly isPathStyle: boolean;
  readonly region: string;
  /** Left out: requests are not signed. */
  readonly credentials?: { readonly accessKey: string; readonly secretKey: string; readonly sessionToken?: string };
};
