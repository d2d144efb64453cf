// Reads the files that settings of an application come from: --properties-file and conf/spark-defaults.conf.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { parseProperties, type Property } from '../../common/properties.ts';
import type { SubmitArguments } from './arguments.ts';

export type ReadProperties = { readonly file: string; readonly properties: readonly Property[] };

/**
 * The files in their order of precedence: --properties-file, and conf/spark-defaults.conf when there is none or --load-spark-defaults is given.
 * @throws AppError SUBMIT_USAGE `Invalid properties file '…'.`
 */
export function readPropertiesFiles(args: SubmitArguments, confDir: string): ReadProperties[] {
  const named = args.fields.propertiesFile;
  const files: ReadProperties[] = named === undefined ? [] : [read(named)];
  const defaults = join(confDir, 'spark-defaults.conf');
  if ((named === undefined || args.loadSparkDefaults) && existsSync(defaults)) files.push(read(defaults));
  return files;
}

function read(file: string): ReadProperties {
  try {
    return { file, properties: parseProperties(readFileSync(file, 'utf8')) };
  } catch (cause) {
    throw new AppError('SUBMIT_USAGE', { reason: `Invalid properties file '${file}'.` }, { cause });
  }
}
