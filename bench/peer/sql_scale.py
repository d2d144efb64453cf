# Peer program: the phases of bench/lib/scale-data.ts through Spark SQL. Counterpart: bench/programs/sql-scale.ts.
import json
import os
import sys

sys.path.insert(0, os.path.dirname(__file__))
from pyspark.sql import SparkSession
from report import check_of, timed


def main(file, runs):
    spark = SparkSession.builder.appName("bench-sql-scale-python").getOrCreate()
    with open(file) as phases:
        for phase in json.load(phases):
            for table in phase["tables"]:
                reader = spark.read.schema(table["schema"]).option("header", "true") if table["schema"] else spark.read
                reader.format(table["format"]).load(table["path"]).createOrReplaceTempView(table["name"])
            for run in range(runs):
                timed(phase["name"], run, lambda: check_of(spark.sql(phase["sql"]).collect()))
    spark.stop()


main(sys.argv[1], int(sys.argv[2]))
