// What the kernel calls functions of the program: users' own names never meet it.

const names = new WeakMap<object, string>();
let count = 0;

/** The same name for the same function, in the whole process. */
export function userFunctionName(f: object): string {
  let name = names.get(f);
  if (name === undefined) names.set(f, (name = `udf_${++count}`));
  return name;
}
