# What real Spark answers to TPC-H's 22 queries over the committed tables: writes test/fixtures/tpch/answers.json, values as text.
# With DATA as an argument it first makes those tables from DATA's (tpchgen-cli at SF0.01): comments that no query reads are left out.
# Not part of npm test: it needs pyspark. Run: bench/.venv/bin/python test/oracle/tpch-spark.py [DATA]
# The other half: test/helpers/tpch.ts.
import json
import os
import sys

from pyspark.sql import SparkSession

TPCH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures", "tpch")
TABLES = ["customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier"]
UNREAD = ["l_comment", "p_comment", "ps_comment", "n_comment", "r_comment"]


def main():
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.parquet.compression.codec", "zstd")
        .config("spark.io.compression.zstd.level", "19")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    for table in TABLES:
        frame = spark.read.parquet(os.path.join(sys.argv[1] if len(sys.argv) > 1 else TPCH, f"{table}.parquet"))
        if len(sys.argv) > 1:
            write(frame.drop(*UNREAD), table)
        spark.read.parquet(os.path.join(TPCH, f"{table}.parquet")).createOrReplaceTempView(table)
    answers = {}
    for n in range(1, 23):
        with open(os.path.join(TPCH, "queries", f"q{n}.sql"), encoding="utf-8") as file:
            frame = spark.sql(file.read())
        rows = [[None if value is None else str(value) for value in row] for row in frame.collect()]
        answers[f"q{n}"] = {"columns": [f"{f.name} {f.dataType.simpleString()}" for f in frame.schema.fields], "rows": rows}
        print(f"q{n}: {len(rows)} rows", file=sys.stderr)
    with open(os.path.join(TPCH, "answers.json"), "w", encoding="utf-8") as out:
        lines = [f'"{name}": {{"columns": {json.dumps(a["columns"])}, "rows": [\n' + ",\n".join(map(json.dumps, a["rows"])) + "]}" for name, a in answers.items()]
        out.write("{\n" + ",\n".join(lines) + "\n}\n")


def write(frame, table):
    """One file of this name instead of a folder."""
    folder = os.path.join(TPCH, f".{table}")
    frame.coalesce(1).write.mode("overwrite").parquet(folder)
    part = next(name for name in os.listdir(folder) if name.endswith(".parquet"))
    os.replace(os.path.join(folder, part), os.path.join(TPCH, f"{table}.parquet"))
    for name in os.listdir(folder):
        os.remove(os.path.join(folder, name))
    os.rmdir(folder)


main()
