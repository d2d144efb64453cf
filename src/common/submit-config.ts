// What spark-submit hands to the driver: in client mode to runUserProgram in the same process, in cluster mode as JSON text in
// the launch context of the driver's container. How it is made: src/cli/submit/; who takes it: src/runtime/driver/.
import { AppError } from './errors.ts';
import { bool, list, object, oneOf, optional, type Shape, text, type TypeOf, whole } from './shape.ts';

const aPair: Shape<[string, string]> = {
  says: 'a pair of texts',
  check: (v, path) =>
    Array.isArray(v) && v.length === 2 && typeof v[0] === 'string' && typeof v[1] === 'string'
      ? undefined
      : `${path}: expected a pair of texts`,
};

/**
 * Of a program for other hosts: what was left with the ResourceManager for driver and executors, and where the program's packages then
 * resolve from and --packages lie in a container's work folder.
 */
const shipped = object({
  files: list(object({ name: text, kind: oneOf('file', 'archive'), path: text, sizeBytes: whole, sha256: text })),
  appDir: text,
  packagesDir: optional(text),
});

export const aSubmitConfig = object({
  /** `local[4]`, `local-cluster[2,1,1024]`, `yarn`. */
  master: text,
  deployMode: oneOf('client', 'cluster'),
  name: text,
  /** Absolute path of the program; in cluster mode as the driver's container sees it: relative to its work folder. */
  primaryResource: text,
  args: list(text),
  /** `spark.*` only, every key once, in final precedence: flags over --conf over the properties file over the environment. */
  conf: list(aPair),
  /** Absolute paths, each with an optional `#name`; they are in `conf` as spark.files and spark.archives too. */
  files: list(text),
  archives: list(text),
  /** --class: the exported function to call instead of only importing the program. */
  entryFunction: optional(text),
  /** The folder from which the program's packages resolve: that of the nearest package.json, else the program's own. */
  appDir: text,
  user: text,
  verbose: bool,
  /** EMBERLOOM_HOME: the package's root, with bin/, conf/ and dist/. */
  home: text,
  shipped: optional(shipped),
});
export type SubmitConfig = TypeOf<typeof aSubmitConfig>;

export const encodeSubmitConfig = (config: SubmitConfig): string => JSON.stringify(config);

/** @throws AppError BAD_MESSAGE: the text is no configuration that this version knows */
export function decodeSubmitConfig(json: string): SubmitConfig {
  const message = 'the submit configuration';
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new AppError('BAD_MESSAGE', { message, fault: 'it is not JSON' }, { cause });
  }
  const fault = aSubmitConfig.check(value, '');
  if (fault !== undefined) throw new AppError('BAD_MESSAGE', { message, fault });
  return value as SubmitConfig;
}
