// Peer program: π by throwing darts, as Spark's own SparkPi does it (same slices, same darts a slice).
// Counterpart: bench/programs/pi.ts. Arguments: slices.
import org.apache.spark.sql.SparkSession

object Pi {
  def main(args: Array[String]): Unit = {
    val spark = SparkSession.builder().appName("bench-pi").getOrCreate()
    val slices = if (args.length > 0) args(0).toInt else 2
    val darts = math.min(100000L * slices, Int.MaxValue).toInt
    val inside = spark.sparkContext.parallelize(1 until darts, slices).map { _ =>
      val x = math.random() * 2 - 1
      val y = math.random() * 2 - 1
      if (x * x + y * y <= 1) 1 else 0
    }.reduce(_ + _)
    println(s"Pi is roughly ${4.0 * inside / (darts - 1)}")
    spark.stop()
  }
}
