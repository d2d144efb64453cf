// The door from spark-submit to the driver: the runtime bundle, loaded late, because --help, --version and cluster mode need none of it.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Logger } from '../../common/ports.ts';
import type { SubmitConfig } from '../../common/submit-config.ts';
import { distDir } from '../package-home.ts';

export type SubmitIo = { stdout: NodeJS.WritableStream; stderr: NodeJS.WritableStream; logger: Logger };
export type Runtime = { runUserProgram(config: SubmitConfig, io: SubmitIo): Promise<number> };

export function loadRuntime(): Runtime {
  const bundle = join(distDir, 'runtime.cjs');
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing: run \`npm run build\`, or install the package again`);
  return createRequire(import.meta.url)(bundle) as Runtime;
}
