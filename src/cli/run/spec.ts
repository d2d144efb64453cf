// What `emberloom run` is to run, as data: made of its flags, and in a detached run handed to the master's container as JSON.
import { bool, dict, integer, list, object, oneOf, text, type TypeOf, whole } from '../../common/shape.ts';
import { aLocalResource } from '../../rpc/messages/shapes.ts';

/** memoryMb in MiB of each container; maxRestarts -1: no limit. */
export const aRunSpec = object({
  argv: list(text),
  num: whole,
  memoryMb: whole,
  vcores: whole,
  priority: whole,
  restartPolicy: oneOf('never', 'on-failure', 'always'),
  maxRestarts: integer,
  env: dict(text),
  resources: list(aLocalResource),
  user: text,
  prefix: bool,
});
export type RunSpec = TypeOf<typeof aRunSpec>;

/** The environment variable in which the master's container finds it. */
export const SPEC_VARIABLE = 'EMBERLOOM_RUN_SPEC';
