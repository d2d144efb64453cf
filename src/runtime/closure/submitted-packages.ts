// Packages that came with --packages: a bare name that is not found from the importing file is looked for in the folder that
// spark-submit made (cli/submit/npm-packages.ts). What lies beside the program goes first. Used by the driver's loader and by executors.
import { createRequire, isBuiltin, type ResolveFnOutput, type ResolveHookContext } from 'node:module';
import { pathToFileURL } from 'node:url';

type Next = (specifier: string, context?: Partial<ResolveHookContext>) => ResolveFnOutput;

/** The importing file that imports of the folder's packages seem to come from: it need not exist. */
export const packagesUrlOf = (folder: string): string => pathToFileURL(`${folder}/packages.mjs`).href;

/** @param packagesUrl of packagesUrlOf; undefined: there are no such packages. @throws what `next` throws, when they don't have it either */
export function resolveWithPackages(
  specifier: string,
  context: ResolveHookContext,
  next: Next,
  packagesUrl: string | undefined,
): ResolveFnOutput {
  if (packagesUrl === undefined || context.parentURL === packagesUrl || !isBare(specifier)) return next(specifier, context);
  try {
    return next(specifier, context);
  } catch (error) {
    if (!/^(ERR_)?MODULE_NOT_FOUND$/.test(String((error as NodeJS.ErrnoException).code))) throw error;
    try {
      // Node resolves a require() from the module that it knows, whatever a hook says: so that one is asked directly.
      return context.conditions.includes('require')
        ? { url: pathToFileURL(createRequire(packagesUrl).resolve(specifier)).href, shortCircuit: true }
        : next(specifier, { ...context, parentURL: packagesUrl });
    } catch {
      throw error; // names the importing file, which is what the user knows
    }
  }
}

const isBare = (specifier: string): boolean => !/^(?:\.{0,2}\/|\.{1,2}$|#|[a-z][a-z0-9+.-]+:)/i.test(specifier) && !isBuiltin(specifier);
