// Peer program: N tasks that do nothing but count one number, and the latency of a job of one task.
// Counterpart: bench/programs/empty-tasks.ts. Arguments: tasks, runs, one-task jobs a run.
import org.apache.spark.sql.SparkSession

object EmptyTasks {
  def main(args: Array[String]): Unit = {
    val Array(tasks, runs, singles) = args.map(_.toInt)
    val spark = SparkSession.builder().appName("bench-empty-tasks").getOrCreate()
    val sc = spark.sparkContext
    // On a cluster the executors register late; without this the first run would measure their start.
    sc.parallelize(1 to 64, 64).count()
    for (run <- 0 until runs) {
      Report.timed("tasks", run) { sc.parallelize(0 until tasks, tasks).count().toString }
      Report.timed("singles", run) {
        var sum = 0L
        for (_ <- 0 until singles) sum += sc.parallelize(Seq(1), 1).count()
        sum.toString
      }
    }
    spark.stop()
  }
}
