# Second peer program: the same word count through PySpark's RDD API.
# Counterparts: WordCount.scala, bench/programs/word-count.ts. Arguments: path, runs.
import json
import sys
import time

from pyspark.sql import SparkSession


def timed(phase, run, body):
    start = time.perf_counter()
    check = body()
    seconds = time.perf_counter() - start
    print("BENCH " + json.dumps({"phase": phase, "run": run, "seconds": seconds, "check": str(check)}), flush=True)


def main(path, runs):
    spark = SparkSession.builder.appName("bench-word-count-python").getOrCreate()
    sc = spark.sparkContext

    def counts():
        return sc.textFile(path).flatMap(lambda line: line.split(" ")).map(lambda word: (word, 1)).reduceByKey(lambda a, b: a + b)

    for run in range(runs):
        timed("wordCount", run, lambda: counts().count())
    timed("total", 0, lambda: counts().map(lambda pair: pair[1] * len(pair[0])).reduce(lambda a, b: a + b))
    spark.stop()


main(sys.argv[1], int(sys.argv[2]))
