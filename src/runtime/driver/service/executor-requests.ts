// SparkContext's developer API for the number of executors: the part of spark-context.ts that asks and kills by hand. What becomes of it is
// executor-control.ts; profiles of rdd.withResources pass here, too. Source: SparkContext.requestExecutors, requestTotalExecutors, killExecutors, killExecutor.
import type { ResourceProfile } from '../../rdd/resource-profile.ts';
import type { Driver } from './driver.ts';

export abstract class ExecutorRequests {
  /** @internal */
  protected abstract get driver(): Driver;

  /** For RDDs: programs call rdd.withResources(profile). */
  addResourceProfile(profile: ResourceProfile): void {
    this.driver.profiles.add(profile);
  }

  /**
   * Asks for so many executors more than are wanted now.
   * @returns false with a warning on masters that have no others to give. @throws AppError BAD_ARGUMENT
   */
  requestExecutors(numAdditionalExecutors: number): boolean {
    return this.driver.control.request(numAdditionalExecutors);
  }

  /**
   * Asks for so many executors in all. Fewer than there are takes nobody away, but none that ends is replaced. The preferences for hosts that Spark
   * takes as well are left out here: executors go where there is room. @returns and @throws as requestExecutors
   */
  requestTotalExecutors(numExecutors: number): boolean {
    return this.driver.control.requestTotal(numExecutors);
  }

  /**
   * Ends these executors, whatever they do, and wants as many fewer.
   * @returns whether there was one of them. @throws AppError BAD_ARGUMENT with dynamic allocation
   */
  killExecutors(executorIds: readonly string[]): boolean {
    return this.driver.control.kill(executorIds);
  }

  killExecutor(executorId: string): boolean {
    return this.killExecutors([executorId]);
  }
}
