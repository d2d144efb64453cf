// Peer program: k-means and PageRank over a cached set, time per iteration. Counterpart: bench/programs/iterative.ts.
// Arguments: kind (kmeans, pagerank), size, partitions, iterations.
import org.apache.spark.rdd.RDD
import org.apache.spark.sql.SparkSession

object Iterative {
  val Dimensions = 8
  val K = 10
  val Edges = 5

  /** Park and Miller's generator: the same numbers on all sides. */
  def next(seed: Long): Long = (seed * 16807L) % 2147483647L

  def point(i: Long): Array[Double] = {
    var seed = next(i + 1)
    val p = new Array[Double](Dimensions)
    for (d <- 0 until Dimensions) {
      seed = next(seed)
      p(d) = seed / 2147483647.0 + (i % K)
    }
    p
  }

  def nearest(p: Array[Double], centers: Array[Array[Double]]): Int = {
    var best = 0
    var least = Double.PositiveInfinity
    var c = 0
    while (c < centers.length) {
      var distance = 0.0
      var d = 0
      while (d < p.length) {
        val difference = p(d) - centers(c)(d)
        distance += difference * difference
        d += 1
      }
      if (distance < least) {
        least = distance
        best = c
      }
      c += 1
    }
    best
  }

  def main(args: Array[String]): Unit = {
    val kind = args(0)
    val Array(size, partitions, iterations) = args.slice(1, 4).map(_.toInt)
    val sc = SparkSession.builder().appName("bench-iterative").getOrCreate().sparkContext
    if (kind == "kmeans") {
      val points = sc.range(0, size, 1, partitions).map(point).cache()
      points.count()
      val start = Array.tabulate(K)(i => point(i)) // each iteration from here, so that all runs have one answer
      for (run <- 0 until iterations) Report.timed(kind, run) {
        val sums = points.map(p => (nearest(p, start), (p, 1)))
          .reduceByKey((a, b) => (Array.tabulate(a._1.length)(d => a._1(d) + b._1(d)), a._2 + b._2)).collect()
        val centers = sums.sortBy(_._1).map { case (_, (sum, n)) => sum.map(_ / n) }
        centers.map(c => "%.4f".format(c(0))).mkString(" ")
      }
    } else {
      val links = sc.range(0, size, 1, partitions)
        .flatMap(page => (0 until Edges).map(e => (page.toInt, ((page * 31 + e * e * 7919 + 1) % size).toInt)))
        .groupByKey(partitions).mapValues(_.toArray).cache()
      links.count()
      for (run <- 0 until iterations) Report.timed(kind, run) {
        var ranks: RDD[(Int, Double)] = links.mapValues(_ => 1.0)
        for (_ <- 0 until 2) {
          ranks = links.join(ranks, partitions)
            .flatMap { case (_, (targets, rank)) => targets.map(target => (target, rank / targets.length)) }
            .reduceByKey(_ + _, partitions).mapValues(sum => 0.15 + 0.85 * sum)
        }
        "%.6f".format(ranks.map(_._2).reduce((a, b) => math.max(a, b)))
      }
    }
    sc.stop()
  }
}
