# Peer program: TPC-H's 22 queries through Spark SQL; with SPARK_REMOTE set, through Spark Connect (Sail). Counterpart: bench/programs/tpch.ts.
import os
import sys

sys.path.insert(0, os.path.dirname(__file__))
from pyspark.sql import SparkSession
from report import check_of, timed

TABLES = ["customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier"]


def main(data, queries, runs, names):
    spark = SparkSession.builder.appName("bench-tpch-python").getOrCreate()
    for table in TABLES:
        spark.read.parquet(f"{data}/{table}.parquet").createOrReplaceTempView(table)
    for run in range(runs):
        for name in names:
            with open(f"{queries}/{name}.sql") as file:
                text = file.read()
            timed(name, run, lambda: check_of(spark.sql(text).collect()))
    spark.stop()


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:])
