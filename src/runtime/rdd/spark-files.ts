// Where files of --files and addFile lie: the container's work folder on executors; in the driver the folder that it was told.

const SLOT = Symbol.for('emberloom.files');
const threadGlobal = globalThis as unknown as Record<symbol, string | undefined>;

export const setSparkFilesRoot = (folder: string): void => {
  threadGlobal[SLOT] = folder;
};

export const SparkFiles = {
  getRootDirectory: (): string => threadGlobal[SLOT] ?? process.cwd(),
  /** Absolute path of a file that was distributed with the application. */
  get: (name: string): string => `${SparkFiles.getRootDirectory().replace(/\/$/, '')}/${name}`,
} as const;
