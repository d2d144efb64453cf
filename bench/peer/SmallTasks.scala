// Peer program: jobs of many tasks that wait 1 ms each, and the driver's processor time for one.
// Counterpart: bench/programs/small-tasks.ts. Arguments: tasks, jobs.
import java.lang.management.ManagementFactory

import org.apache.spark.sql.SparkSession

object SmallTasks {
  def main(args: Array[String]): Unit = {
    val Array(tasks, jobs) = args.map(_.toInt)
    val sc = SparkSession.builder().appName("bench-small-tasks").getOrCreate().sparkContext
    val process = ManagementFactory.getOperatingSystemMXBean.asInstanceOf[com.sun.management.OperatingSystemMXBean]
    sc.range(0, 64, 1, 64).count()
    for (run <- 0 until jobs) {
      val before = process.getProcessCpuTime
      Report.timed("job", run) { sc.range(0, tasks, 1, tasks).map { i => Thread.sleep(1); i }.count().toString }
      if (run > 0) Report.value("driverMicrosPerTask", (process.getProcessCpuTime - before) / 1e3 / tasks)
    }
    sc.stop()
  }
}
