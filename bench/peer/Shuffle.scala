// Peer program: reduceByKey of many pairs with fewer keys, and sortByKey of as many; keys are scrambled whole numbers.
// Counterpart: bench/programs/shuffle.ts. Arguments: pairs, keys, partitions, runs, kinds (reduceByKey,sortByKey).
import org.apache.spark.sql.SparkSession

object Shuffle {
  /** A bijection on 32-bit numbers with good mixing; the TypeScript side has the same one, so both sides shuffle equal keys. */
  def scramble(i: Long): Int = {
    var x = i.toInt
    x = (x ^ (x >>> 16)) * 0x45d9f3b
    x = (x ^ (x >>> 16)) * 0x45d9f3b
    (x ^ (x >>> 16)) & 0x7fffffff
  }

  def main(args: Array[String]): Unit = {
    val Array(pairs, keys, partitions, runs) = args.take(4).map(_.toInt)
    val kinds = args(4).split(",")
    val spark = SparkSession.builder().appName("bench-shuffle").getOrCreate()
    val sc = spark.sparkContext
    for (run <- 0 until runs) {
      if (kinds.contains("reduceByKey")) Report.timed("reduceByKey", run) {
        sc.range(0, pairs, 1, partitions).map(i => (scramble(i) % keys, 1)).reduceByKey(_ + _).count().toString
      }
      if (kinds.contains("sortByKey")) Report.timed("sortByKey", run) {
        // Reads every record of every sorted partition: its length, its ends, and that nothing is out of order.
        sc.range(0, pairs, 1, partitions).map(i => (scramble(i), 1)).sortByKey(true, partitions).mapPartitions { records =>
          var count = 0L
          var first = -1
          var last = -1
          var faults = 0
          for ((key, _) <- records) {
            if (count == 0) first = key
            if (key < last) faults += 1
            last = key
            count += 1
          }
          Iterator((count, first, last, faults))
        }.collect().foldLeft((0L, -1, 0)) { case ((total, before, wrong), (count, first, last, faults)) =>
          (total + count, if (count > 0) last else before, wrong + faults + (if (count > 0 && first < before) 1 else 0))
        } match { case (total, last, wrong) => s"$total records, last $last, $wrong out of order" }
      }
    }
    spark.stop()
  }
}
