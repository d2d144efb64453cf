// Peer program: word count over a text file, several times in one application; the first run is cold, the others warm.
// Counterparts: bench/programs/word-count.ts, bench/peer/word_count.py. Arguments: path, runs.
import org.apache.spark.sql.SparkSession

object WordCount {
  def main(args: Array[String]): Unit = {
    val path = args(0)
    val spark = SparkSession.builder().appName("bench-word-count").getOrCreate()
    val sc = spark.sparkContext
    for (run <- 0 until args(1).toInt) Report.timed("wordCount", run) {
      sc.textFile(path).flatMap(_.split(" ")).map(word => (word, 1)).reduceByKey(_ + _).count().toString
    }
    // Not a figure: the counts themselves, so that both sides can be held to the same answer.
    Report.timed("total", 0) {
      sc.textFile(path).flatMap(_.split(" ")).map(word => (word, 1)).reduceByKey(_ + _)
        .map { case (word, count) => count.toLong * word.length }.reduce(_ + _).toString
    }
    spark.stop()
  }
}
