// Files of a scan that are read in another form than they have: what is made of each, by whoever runs the text. Forms: ../sources/make-copy.ts.
import type { FileCopy } from '../../../common/file-copy.ts';
import { kernelPaths } from '../../../common/kernel-quotes.ts';
import type { Scan, ScanFile } from '../logical/plans.ts';
import type { ArrowStep } from '../sources/arrow-copy.ts';
import { ignoresCorrupt } from '../sources/arrow-source.ts';
import { SourceOptions } from '../sources/options.ts';
import { structField, structType } from '../types/data-type.ts';
import type { Emit } from './emit-context.ts';
import type { FormatScan } from './scans.ts';

/** What a copy that the driver has is made of. @returns undefined: the file is none */
export function copyOfText({ path, size, original }: ScanFile): Omit<FileCopy, 'mark'> | undefined {
  if (original === undefined) return undefined;
  const { steps, ...of } = original;
  return { of, steps, made: { path, size } };
}

/** The scan with marks in the places of copies. */
export function withCopies(scan: Scan, emit: Emit): Scan {
  if (scan.files.every((f) => f.original === undefined)) return scan;
  const files = scan.files.map((file) => {
    const copy = copyOfText(file);
    return copy === undefined ? file : { ...file, path: emit.outside.copy(copy) };
  });
  return { ...scan, files };
}

/** A Parquet file of each file's wanted columns. */
export function arrowScan(plan: Scan, emit: Emit): FormatScan {
  const step: ArrowStep = {
    kind: 'arrow',
    wanted: structType(plan.columns.map((name, i) => structField(name, plan.output[i]!.dataType))),
    ignoreCorrupt: ignoresCorrupt(new SourceOptions(plan.options), emit.settings.get),
  };
  const paths = plan.files.map(({ path, size, modified }) => {
    const store = plan.stores?.find(({ bucket }) => new RegExp(`^s3[an]?://${bucket}/`).test(path));
    return emit.outside.copy({ of: { path, size, modified, store }, steps: [step] });
  });
  return { from: `read_parquet(${kernelPaths(paths)}, hive_partitioning=false)`, columns: plan.columns.map((_, i) => `c${i}`) };
}
