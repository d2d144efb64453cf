# Second peer program: the same through PySpark's RDD API. Counterparts: Spilling.scala, bench/programs/spilling.ts.
import os
import sys

sys.path.insert(0, os.path.dirname(__file__))
from pyspark.sql import SparkSession
from report import timed


def scramble(i):
    x = ((i ^ (i >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
    x = ((x ^ (x >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
    return (x ^ (x >> 16)) & 0x7FFFFFFF


def main(pairs, keys, partitions, runs, kind):
    spark = SparkSession.builder.appName("bench-spilling-python").getOrCreate()
    sc = spark.sparkContext

    def source(n):
        return sc.range(0, n, 1, partitions).map(lambda i: (scramble(i) % keys, i % 1000))

    def in_order(records):
        before, wrong, n = -1, 0, 0
        for key, _ in records:
            if key < before:
                wrong += 1
            before = key
            n += 1
        return [(n, wrong)]

    def grouped():
        groups, values, largest = (
            source(pairs)
            .groupByKey(partitions)
            .map(lambda pair: (1, len(pair[1]), len(pair[1])))
            .reduce(lambda a, b: (a[0] + b[0], a[1] + b[1], max(a[2], b[2])))
        )
        return f"{groups} groups, {values} values, largest {largest}"

    def ordered():
        rows, wrong = source(pairs).sortByKey(True, partitions).mapPartitions(in_order).reduce(lambda a, b: (a[0] + b[0], a[1] + b[1]))
        return f"{rows} rows, {wrong} out of order"

    kinds = {
        "reduceByKey": lambda: source(pairs).reduceByKey(lambda a, b: a + b, partitions).map(lambda p: p[1]).reduce(lambda a, b: a + b),
        "groupByKey": grouped,
        "join": lambda: source(pairs)
        .join(source(keys).mapValues(lambda v: v + 1), partitions)
        .map(lambda p: p[1][0] + p[1][1])
        .reduce(lambda a, b: a + b),
        "sortByKey": ordered,
    }
    for run in range(runs):
        timed(kind, run, kinds[kind])
    spark.stop()


main(*map(int, sys.argv[1:5]), sys.argv[5])
