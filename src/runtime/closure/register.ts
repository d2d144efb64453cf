// Entry of `node --import emberloom/register app.ts`: the loader for programs that are not started by spark-submit.
// spark-submit's driver calls `installLoader` itself with the application's settings.
import { installLoader } from './loader.ts';

const list = (value: string | undefined): string[] =>
  (value ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

installLoader({
  engineUrl: process.env['EMBERLOOM_ENGINE_URL'],
  engineDir: process.env['EMBERLOOM_ENGINE_DIR'],
  packages: list(process.env['SPARK_CLOSURE_PACKAGES']),
  exclude: list(process.env['SPARK_CLOSURE_EXCLUDE']),
  cacheDir: process.env['EMBERLOOM_TRANSFORM_CACHE'],
});
