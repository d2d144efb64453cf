// What SQL of a session sees of the program's functions: those of spark.udf and of spark.udtf under one roof. A name is one or the other.
import type { ProgramFunctions } from '../plan/user-function.ts';
import type { UdfRegistration } from './udf.ts';
import type { UdtfRegistration } from './udtf.ts';

export function programFunctions(udf: UdfRegistration, udtf?: UdtfRegistration): ProgramFunctions {
  return {
    find: (name) => udf.find(name),
    findTable: (name) => udtf?.find(name),
    names: () => [...udf.names(), ...(udtf?.names() ?? [])],
    drop: (name) => udf.drop(name) || (udtf?.drop(name) ?? false),
  };
}
