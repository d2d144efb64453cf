// Peer program: one job of tasks that wait and write down where and when they begin; one of them may end its executor with SIGKILL, once.
// Counterpart: bench/programs/executor-starts.ts. Arguments: tasks, milliseconds a task, which task kills (-1: none), an empty folder.
import java.nio.file.{FileAlreadyExistsException, Files, Paths, StandardOpenOption}

import scala.jdk.CollectionConverters._

import org.apache.spark.sql.SparkSession

object ExecutorStarts {
  def once(folder: String): Boolean =
    try { Files.createFile(Paths.get(folder, "killed")); true }
    catch { case _: FileAlreadyExistsException => false }

  def note(folder: String, what: String): Unit =
    Files.write(
      Paths.get(folder, "notes"),
      s"${System.currentTimeMillis()} $what\n".getBytes,
      StandardOpenOption.CREATE,
      StandardOpenOption.APPEND)

  def pid: Long = ProcessHandle.current().pid()

  def main(args: Array[String]): Unit = {
    val Array(tasks, napMs, killer) = args.take(3).map(_.toInt)
    val folder = args(3)
    val sc = SparkSession.builder().appName("bench-executor-starts").getOrCreate().sparkContext
    sc.range(0, 4, 1, 4).map { i => note(folder, s"old $pid"); i }.count()
    val begunAtMs = System.currentTimeMillis()
    val sum = sc.range(0, tasks, 1, tasks).map { i =>
      note(folder, s"task $pid")
      if (i == killer && once(folder)) {
        note(folder, "kill")
        new ProcessBuilder("kill", "-9", pid.toString).start().waitFor()
        Thread.sleep(60000)
      }
      Thread.sleep(napMs)
      i
    }.reduce(_ + _)
    sc.stop()

    val notes = Files.readAllLines(Paths.get(folder, "notes")).asScala.map(_.split(" ")).map(a => (a(0).toLong, a(1), a.lift(2))).sortBy(_._1)
    val killedAt = notes.find(_._2 == "kill").map(_._1)
    val from = killedAt.getOrElse(begunAtMs)
    val old = notes.filter(n => n._2 == "old" || killedAt.exists(n._1 <= _)).map(_._3).toSet
    val first = notes.find(n => n._2 == "task" && n._1 >= from && !old(n._3))
    println(s"SUM $sum")
    Report.value("first task of a new executor", first.map(n => (n._1 - from).toDouble).getOrElse(Double.NaN))
  }
}
