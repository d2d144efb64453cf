# Second peer program: k-means and PageRank through PySpark's RDD API. Counterparts: Iterative.scala, bench/programs/iterative.ts.
import os
import sys

sys.path.insert(0, os.path.dirname(__file__))
from pyspark.sql import SparkSession
from report import timed

DIMENSIONS, K, EDGES = 8, 10, 5


def step(seed):
    return (seed * 16807) % 2147483647


def point(i):
    seed = step(i + 1)
    p = []
    for _ in range(DIMENSIONS):
        seed = step(seed)
        p.append(seed / 2147483647 + (i % K))
    return p


def nearest(p, centers):
    best, least = 0, float("inf")
    for c, center in enumerate(centers):
        distance = sum((x - y) * (x - y) for x, y in zip(p, center))
        if distance < least:
            least, best = distance, c
    return best


def main(kind, size, partitions, iterations):
    sc = SparkSession.builder.appName("bench-iterative-python").getOrCreate().sparkContext
    if kind == "kmeans":
        points = sc.range(0, size, 1, partitions).map(point).cache()
        points.count()
        start = [point(i) for i in range(K)]  # each iteration from here, so that all runs have one answer

        def iterate():
            sums = (
                points.map(lambda p: (nearest(p, start), (p, 1)))
                .reduceByKey(lambda a, b: ([x + y for x, y in zip(a[0], b[0])], a[1] + b[1]))
                .collect()
            )
            centers = [[x / n for x in total] for _, (total, n) in sorted(sums)]
            return " ".join(f"{c[0]:.4f}" for c in centers)

    else:
        links = (
            sc.range(0, size, 1, partitions)
            .flatMap(lambda page: [(page, (page * 31 + e * e * 7919 + 1) % size) for e in range(EDGES)])
            .groupByKey(partitions)
            .mapValues(list)
            .cache()
        )
        links.count()

        def iterate():
            ranks = links.mapValues(lambda _: 1.0)
            for _ in range(2):
                ranks = (
                    links.join(ranks, partitions)
                    .flatMap(lambda pair: [(target, pair[1][1] / len(pair[1][0])) for target in pair[1][0]])
                    .reduceByKey(lambda a, b: a + b, partitions)
                    .mapValues(lambda total: 0.15 + 0.85 * total)
                )
            return f"{ranks.map(lambda pair: pair[1]).reduce(max):.6f}"

    for run in range(iterations):
        timed(kind, run, iterate)
    sc.stop()


main(sys.argv[1], *map(int, sys.argv[2:5]))
