# What real Spark answers to queries over Parquet files: {"q1": text} as JSON on standard input, a line of JSON for each answer on standard output.
# Run: bench/.venv/bin/python test/oracle/tpcds-spark.py DATA <queries.json. test/oracle/tpcds-answers.ts asks.
# An answer has `columns` (`name type`), `rows` (values as text; a double as Python writes it), `order` (which columns the query's last ORDER BY
# names, until the first key that is no column of the result), and what it cost: `ms`, and `cpuMs` of the whole JVM; or `error`, Spark's sentence.
import json
import os
import sys
import time

from pyspark.sql import SparkSession

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def main():
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", "2g")
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -Xlog:disable")  # most of the time of so small queries was the second compiler's
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", "/tmp/tpcds-spark-warehouse")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    data = sys.argv[1]
    for name in sorted(os.listdir(data)):
        if name.endswith(".parquet"):
            spark.read.parquet(os.path.join(data, name)).createOrReplaceTempView(name.removesuffix(".parquet"))
    jvm = spark._jvm.java.lang.ProcessHandle.current().pid()
    for name, text in json.load(sys.stdin).items():
        print(json.dumps({"query": name, **answer(spark, jvm, text)}, ensure_ascii=False), flush=True)


def answer(spark, jvm, text):
    cpu, began = cpu_ms(jvm), time.monotonic()
    try:
        frame = spark.sql(text)
        rows = frame.collect()
    except Exception as failure:
        return {"error": str(failure)[:500], "ms": 0, "cpuMs": 0, "columns": [], "order": [], "rows": []}
    return {
        "ms": round((time.monotonic() - began) * 1000),
        "cpuMs": round(cpu_ms(jvm) - cpu),
        "columns": [f"{field.name} {field.dataType.simpleString()}" for field in frame.schema.fields],
        "order": order(frame._jdf.queryExecution().analyzed()),
        "rows": [[None if value is None else f"{value:f}" if type(value).__name__ == "Decimal" else str(value) for value in row] for row in rows],
    }


def cpu_ms(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(") ", 1)[1].split(" ")
    return (int(fields[11]) + int(fields[12])) * TICK_MS


def order(plan):
    output = [id_of(plan.output().apply(i)) for i in range(plan.output().size())]
    while plan.nodeName() in ("Project", "GlobalLimit", "LocalLimit", "WithCTE", "Filter"):
        plan = plan.plan() if plan.nodeName() == "WithCTE" else plan.children().apply(0)
    if plan.nodeName() != "Sort":
        return []
    keys = []
    for i in range(plan.order().size()):
        key = plan.order().apply(i).child()
        if not key.nodeName().startswith("AttributeReference") or id_of(key) not in output:
            break
        keys.append(output.index(id_of(key)))
    return keys


def id_of(attribute):
    return attribute.exprId().id()


main()
