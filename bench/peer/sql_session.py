# Peer program: how soon Spark SQL answers from Python, toPandas, and Python functions. Counterpart: bench/programs/sql-session.ts.
import json
import os
import re
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
start = time.perf_counter()
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from report import timed


def exponential(x):
    """As JavaScript's toExponential(5)."""
    return re.sub(r"e([+-])0*(\d)", r"e\1\2", f"{x:.5e}")


def main(collected, called, runs):
    spark = SparkSession.builder.appName("bench-sql-session-python").config("spark.sql.execution.arrow.pyspark.enabled", "true").getOrCreate()
    spark.sql("select 1").collect()
    print("VALUE " + json.dumps({"name": "first query", "value": (time.perf_counter() - start) * 1000}), flush=True)
    plain = F.udf(lambda x: x * 2 + 1, "double")
    arrow = F.udf(lambda x: x * 2 + 1, "double", useArrow=True)

    def selects():
        for _ in range(50):
            spark.sql("select 1").collect()
        return 50

    def collect():
        frame = spark.range(collected).selectExpr("id", "id * 0.5d AS half", "cast(id % 7 AS int) AS seventh", "concat('row ', id) AS name").toPandas()
        return f"{len(frame)} {frame['name'].iloc[-1]}"

    for run in range(runs):
        timed("select 1", run, selects)
        timed("collect", run, collect)
        for name, f in (("function", plain), ("function over batches", arrow)):
            timed(name, run, lambda: exponential(spark.range(called).select(F.sum(f(F.col("id").cast("double")))).collect()[0][0]))
    spark.stop()


main(*map(int, sys.argv[1:4]))
