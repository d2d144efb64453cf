// A function of the user's program as the plan carries it: opaque to the analyser, which only asks its type. Made by ../api/udf.ts, called with
// whole vectors by the kernel (../engine/user-functions.ts).
import type { KernelColumn } from '../../../common/sql-kernel.ts';
import type { DataType } from '../types/data-type.ts';

export type UserFunction = {
  readonly name: string;
  readonly returnType: DataType;
  readonly deterministic: boolean;
  /** @param types of the arguments. @returns what the kernel calls; values as common/sql-kernel.ts says */
  readonly computeFor: (types: readonly DataType[]) => (columns: readonly KernelColumn[], rows: number) => KernelColumn;
};
