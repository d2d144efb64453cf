"""Asks a real Spark (pyspark) what it answers: questions as JSON on standard input, answers as JSON on standard output.

Question: {"text": statement, "settings": {...}}. Answer: the question with "schema" (`struct<a:int>`) and "output" (rows in Hive's text form, as in
Spark's own result files, sorted unless the query orders), or with "error": {"condition", "parameters"}. One process, one session; settings of a
question hold for it alone. With `--functions` it asks for the examples of every function's documentation instead, with the function's "name".
"""
import json
import re
import sys

from pyspark.sql import SparkSession


# Functions whose documentation has no examples.
OWN_EXAMPLES = {
    **{name: f"SELECT {name}('12')" for name in ("tinyint", "smallint", "int", "bigint", "float", "double", "decimal", "string", "binary")},
    "boolean": "SELECT boolean('true'), boolean(0)",
    "date": "SELECT date('2024-02-29')",
    "timestamp": "SELECT timestamp('2024-02-29 01:02:03.4')",
    "case": "SELECT CASE WHEN 1 > 0 THEN 1 WHEN 2 > 0 THEN 2.0 ELSE 1.2 END, CASE 3 WHEN 3 THEN 'a' END",
    "||": "SELECT 'Spark' || 'SQL', array(1) || array(2)",
    "!=": "SELECT 1 != 2, 'a' != 'a', NULL != 1",
    "<>": "SELECT 1 <> 2, 'a' <> 'a', NULL <> 1",
}


def main():
    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.session.timeZone", "America/Los_Angeles")
        .config("spark.sql.timeType.enabled", "true")
        # As spark-sql does: java.sql.Date has another calendar before 1582.
        .config("spark.sql.datetime.java8API.enabled", "true")
        .config("spark.sql.warehouse.dir", "/tmp/ask-spark-warehouse")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    questions = examples_of_functions(spark) if "--functions" in sys.argv else json.load(sys.stdin)
    json.dump([{**question, **answer(spark, question)} for question in questions], sys.stdout, indent=1, ensure_ascii=False)


def examples_of_functions(spark):
    for name in sorted(row[0] for row in spark.sql("SHOW ALL FUNCTIONS").collect()):
        try:
            lines = [row[0] for row in spark.sql(f"DESCRIBE FUNCTION EXTENDED `{name}`").collect()]
        except Exception:  # operators that cannot be described by this name
            lines = []
        text = "\n".join(lines)
        found = re.findall(r"^\s*> (.*?;)\s*$", text, re.MULTILINE | re.DOTALL)
        for example in found or [OWN_EXAMPLES.get(name, "")]:
            yield {"name": name, "text": example.rstrip().rstrip(";")}


def answer(spark, question):
    before = {}
    for key, value in question.get("settings", {}).items():
        before[key] = spark.conf.get(key, None)
        spark.conf.set(key, value)
    try:
        frame = spark.sql(question["text"])
        execution = frame._jdf.queryExecution()
        plan = execution.executedPlan()
        rows = spark._jvm.org.apache.spark.sql.execution.HiveResult.hiveResultString(plan)
        lines = [rows.apply(i) for i in range(rows.length())]
        ordered = is_ordered(execution.analyzed())
        return {"schema": frame._jdf.schema().catalogString(), "output": "\n".join(lines if ordered else sorted(lines))}
    except Exception as failure:
        java = getattr(failure, "java_exception", None) or getattr(failure, "_origin", None)
        return {"error": error_of(spark, java, failure)}
    finally:
        for key, value in before.items():
            spark.conf.unset(key) if value is None else spark.conf.set(key, value)


def error_of(spark, java, failure):
    while java is not None:
        try:
            condition = java.getCondition()
            if condition is not None:
                return {"condition": condition, "parameters": dict(java.getMessageParameters())}
        except Exception:
            pass
        java = java.getCause()
    return {"condition": getattr(failure, "_errorClass", None) or "", "parameters": {}, "said": str(failure)[:300]}


def is_ordered(plan):
    name = plan.nodeName()
    if name == "Sort":
        return plan.__getattr__("global")()
    if name in ("Join", "Aggregate", "Generate", "Sample", "Distinct"):
        return False
    children = plan.children()
    return any(is_ordered(children.apply(i)) for i in range(children.length()))


main()
