// The ResourceManager's tables, version by version. Entries are never changed once released, only added to.

export const RM_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE master_keys (kind TEXT NOT NULL, key_id INTEGER NOT NULL, key TEXT NOT NULL, made_at_ms INTEGER NOT NULL,
    PRIMARY KEY (kind, key_id)) STRICT, WITHOUT ROWID;
  CREATE TABLE applications (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX applications_by_seq ON applications (seq);
  CREATE TABLE attempts (application_id TEXT NOT NULL, number INTEGER NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (application_id, number)) STRICT, WITHOUT ROWID;
  `,
  // Nodes that are being taken out or are out; no row: a node like any other.
  'CREATE TABLE nodes_out (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;',
  // Who may commit: one row. `renewals` grows while its owner lives; what it is renewed by is in store/lease.ts.
  `CREATE TABLE lease (one INTEGER PRIMARY KEY CHECK (one = 1), owner TEXT NOT NULL, epoch INTEGER NOT NULL, renewals INTEGER NOT NULL,
    process TEXT NOT NULL, web TEXT NOT NULL) STRICT;`,
  // One row: the labels of the cluster, and which node has which.
  'CREATE TABLE node_labels (one INTEGER PRIMARY KEY CHECK (one = 1), record TEXT NOT NULL) STRICT;',
  // What operators ordered nodes to count with; no row: what it offers.
  'CREATE TABLE node_sizes (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;',
];
