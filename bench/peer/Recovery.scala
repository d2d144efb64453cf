// Peer program: one job of tasks that wait; one of them may end its executor with SIGKILL, once.
// Counterpart: bench/programs/recovery.ts. Arguments: tasks, milliseconds a task, which task kills (-1: none), path of a mark.
import java.nio.file.{Files, Paths}

import org.apache.spark.sql.SparkSession

object Recovery {
  def once(path: String): Boolean =
    try { Files.createFile(Paths.get(path)); true }
    catch { case _: java.nio.file.FileAlreadyExistsException => false }

  def main(args: Array[String]): Unit = {
    val Array(tasks, napMs, killer) = args.take(3).map(_.toInt)
    val mark = args(3)
    val sc = SparkSession.builder().appName("bench-recovery").getOrCreate().sparkContext
    sc.range(0, 16, 1, 16).count()
    Report.timed("job", 0) {
      sc.range(0, tasks, 1, tasks).map { i =>
        if (i == killer && once(mark)) {
          new ProcessBuilder("kill", "-9", ProcessHandle.current().pid().toString).start().waitFor()
          Thread.sleep(60000)
        }
        Thread.sleep(napMs)
        i
      }.reduce(_ + _).toString
    }
    sc.stop()
  }
}
