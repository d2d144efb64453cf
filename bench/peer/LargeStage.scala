// Peer program: one stage of very many tasks; then the driver's memory, and how long its REST API takes for the pages' questions.
// Counterpart: bench/programs/large-stage.ts. Arguments: tasks.
import scala.io.Source

import org.apache.spark.sql.SparkSession

object LargeStage {
  def main(args: Array[String]): Unit = {
    val tasks = args(0).toInt
    val sc = SparkSession.builder().appName("bench-large-stage").getOrCreate().sparkContext
    Report.timed("job", 0) { sc.range(0, tasks, 1, tasks).count().toString }
    val base = s"${sc.uiWebUrl.get}/api/v1/applications/${sc.applicationId}/stages/0/0"
    for ((name, path) <- Seq("summary" -> "/taskSummary?quantiles=0,0.25,0.5,0.75,1", "taskPage" -> s"/taskList?offset=${tasks / 2}&length=100&sortBy=-runtime"))
      for (run <- 0 until 6) {
        val from = System.nanoTime()
        val text = Source.fromURL(base + path).mkString
        if (text.length < 100) throw new IllegalStateException(s"$path: $text")
        Report.value(if (run > 0) s"${name}Ms" else s"${name}FirstMs", (System.nanoTime() - from) / 1e6)
      }
    val rss = Source.fromFile("/proc/self/status").getLines().find(_.startsWith("VmRSS")).get.replaceAll("[^0-9]", "").toDouble
    Report.value("rssMb", rss / 1024)
    sc.stop()
  }
}
