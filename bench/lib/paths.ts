/** Where things lie. `WORK` holds what can be made again (jar, text, Spark's scratch folders) and is not in git. */
import { fileURLToPath } from 'node:url';

const under = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
export const ROOT = under('../../');
export const BENCH = under('../');
export const WORK = under('../.work/');
export const VENV = under('../.venv/');
export const RESULTS = under('../results/');
