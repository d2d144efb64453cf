// How a peer program says what it measured: one line `BENCH {...}` on stdout for each timed run.
// The reader is bench/lib/program-output.ts; bench/programs/report.ts writes the same lines for us.
object Report {
  /** Times `body` once and prints the line. `check` is compared with the other side's, so nobody wins by doing less. */
  def timed(phase: String, run: Int)(body: => String): Unit = {
    val from = System.nanoTime()
    val check = body
    val seconds = (System.nanoTime() - from) / 1e9
    println(s"""BENCH {"phase":"$phase","run":$run,"seconds":$seconds,"check":"$check"}""")
  }

  /** A figure that is no time, say megabytes; NaN (there was nothing to measure) becomes null, as JSON.stringify has it. */
  def value(name: String, amount: Double): Unit =
    println(s"""VALUE {"name":"$name","value":${if (amount.isNaN) "null" else amount.toString}}""")
}
