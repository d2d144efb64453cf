// Peer program: many pairs through one wide operation, with less memory than they need.
// Counterparts: bench/programs/spilling.ts, spilling.py. Arguments: pairs, keys, partitions, runs, kind.
import org.apache.spark.sql.SparkSession

object Spilling {
  def main(args: Array[String]): Unit = {
    val Array(pairs, keys, partitions, runs) = args.take(4).map(_.toInt)
    val kind = args(4)
    val spark = SparkSession.builder().appName("bench-spilling").getOrCreate()
    val sc = spark.sparkContext
    def source(n: Int) = sc.range(0, n, 1, partitions).map(i => (Shuffle.scramble(i) % keys, i % 1000))
    for (run <- 0 until runs) Report.timed(kind, run) {
      kind match {
        case "reduceByKey" => source(pairs).reduceByKey(_ + _, partitions).map(_._2).reduce(_ + _).toString
        case "groupByKey" =>
          val (groups, values, largest) = source(pairs).groupByKey(partitions)
            .map { case (_, group) => val n = group.size; (1L, n.toLong, n) }
            .reduce((a, b) => (a._1 + b._1, a._2 + b._2, math.max(a._3, b._3)))
          s"$groups groups, $values values, largest $largest"
        case "join" =>
          source(pairs).join(source(keys).mapValues(_ + 1), partitions).map { case (_, (a, b)) => a + b }.reduce(_ + _).toString
        case "sortByKey" =>
          val (rows, wrong) = source(pairs).sortByKey(true, partitions).mapPartitions { records =>
            var before = -1
            var wrong = 0L
            var n = 0L
            for ((key, _) <- records) {
              if (key < before) wrong += 1
              before = key
              n += 1
            }
            Iterator((n, wrong))
          }.reduce((a, b) => (a._1 + b._1, a._2 + b._2))
          s"$rows rows, $wrong out of order"
      }
    }
    spark.stop()
  }
}
