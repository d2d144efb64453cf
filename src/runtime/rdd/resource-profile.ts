// What programs say about the executors and tasks of a stage: requests, their builder, and the profile for rdd.withResources. Who may use it and
// what it means is driver/core/resource-profiles.ts. Source: Spark's ResourceProfile, ResourceProfileBuilder, ExecutorResourceRequests,
// TaskResourceRequests.
import { AppError } from '../../common/errors.ts';
import { parseBytes } from '../../common/key.ts';
import { type Amounts, type StageResources, stageResources } from '../plan/stage-resources.ts';

/** Memory is in MiB. */
export type ExecutorResourceRequest = { readonly resourceName: string; readonly amount: number };
export type TaskResourceRequest = { readonly resourceName: string; readonly amount: number };

export class ExecutorResourceRequests {
  readonly #amounts = new Map<string, number>();

  /** Task slots. @throws AppError BAD_ARGUMENT, as all methods */
  cores(amount: number): this {
    return this.#set('cores', whole('cores', amount));
  }

  /** @param amount `2g`, `512m`; without a unit MiB */
  memory(amount: string): this {
    return this.#set('memory', mebibytes('memory', amount, 1));
  }

  /** Of the container, beside memory. */
  memoryOverhead(amount: string): this {
    return this.#set('memoryOverhead', mebibytes('memoryOverhead', amount, 0));
  }

  /** Counts with spark.memory.offHeap.enabled only. */
  offHeapMemory(amount: string): this {
    return this.#set('offHeap', mebibytes('offHeapMemory', amount, 0));
  }

  /** Spark's way to GPUs and the like. Nodes here have memory and cores only. @throws AppError BAD_ARGUMENT */
  resource(resourceName: string, _amount?: number, _discoveryScript?: string, _vendor?: string): never {
    throw unknown('ExecutorResourceRequests.resource', resourceName, 'cores, memory, memoryOverhead and offHeapMemory');
  }

  get requests(): ReadonlyMap<string, ExecutorResourceRequest> {
    return requestsOf(this.#amounts);
  }

  #set(name: string, amount: number): this {
    this.#amounts.set(name, amount);
    return this;
  }
}

export class TaskResourceRequests {
  readonly #amounts = new Map<string, number>();

  /** Cores that a task takes. @throws AppError BAD_ARGUMENT */
  cpus(amount: number): this {
    this.#amounts.set('cpus', whole('cpus', amount));
    return this;
  }

  /** @throws AppError BAD_ARGUMENT, as ExecutorResourceRequests.resource */
  resource(resourceName: string, _amount?: number): never {
    throw unknown('TaskResourceRequests.resource', resourceName, 'cpus');
  }

  get requests(): ReadonlyMap<string, TaskResourceRequest> {
    return requestsOf(this.#amounts);
  }
}

/** Immutable; made by ResourceProfileBuilder. */
export class ResourceProfile implements StageResources {
  readonly id: number;
  readonly executorAmounts: Amounts;
  readonly taskAmounts: Amounts;

  /** @internal */
  constructor({ id, executorAmounts, taskAmounts }: StageResources) {
    this.id = id;
    this.executorAmounts = executorAmounts;
    this.taskAmounts = taskAmounts;
  }

  get executorResources(): ReadonlyMap<string, ExecutorResourceRequest> {
    return requestsOf(this.executorAmounts);
  }

  get taskResources(): ReadonlyMap<string, TaskResourceRequest> {
    return requestsOf(this.taskAmounts);
  }

  toString(): string {
    const say = (amounts: Amounts) => [...amounts].map(([name, amount]) => `${name} -> ${amount}`).join(',');
    return `Profile: id = ${this.id}, executor resources: ${say(this.executorAmounts)}, task resources: ${say(this.taskAmounts)}`;
  }
}

export class ResourceProfileBuilder {
  readonly #executor = new Map<string, number>();
  readonly #task = new Map<string, number>();

  /** A resource that was required before is taken from the newer requests. */
  require(requests: ExecutorResourceRequests | TaskResourceRequests): this {
    const to = requests instanceof TaskResourceRequests ? this.#task : this.#executor;
    for (const [name, { amount }] of requests.requests) to.set(name, amount);
    return this;
  }

  clearExecutorResourceRequests(): this {
    this.#executor.clear();
    return this;
  }

  clearTaskResourceRequests(): this {
    this.#task.clear();
    return this;
  }

  get executorResources(): ReadonlyMap<string, ExecutorResourceRequest> {
    return requestsOf(this.#executor);
  }

  get taskResources(): ReadonlyMap<string, TaskResourceRequest> {
    return requestsOf(this.#task);
  }

  build(): ResourceProfile {
    return new ResourceProfile(stageResources(new Map(this.#executor), new Map(this.#task)));
  }
}

const requestsOf = (amounts: Amounts): ReadonlyMap<string, ExecutorResourceRequest> =>
  new Map([...amounts].map(([resourceName, amount]) => [resourceName, { resourceName, amount }]));

function whole(method: string, amount: number): number {
  if (Number.isSafeInteger(amount) && amount > 0) return amount;
  throw new AppError('BAD_ARGUMENT', { method, reason: `expected a whole number of at least 1, got ${amount}` });
}

function mebibytes(method: string, amount: string, least: number): number {
  const bytes = parseBytes(String(amount), 'm');
  const mb = bytes === undefined ? Number.NaN : Math.floor(bytes / 1024 ** 2);
  if (mb >= least) return mb;
  throw new AppError('BAD_ARGUMENT', { method, reason: `expected a size such as 512m or 2g, got ${amount}` });
}

const unknown = (method: string, name: string, known: string): AppError =>
  new AppError('BAD_ARGUMENT', { method, reason: `${name} can't be asked for: nodes offer memory and cores only. Known are ${known}.` });
