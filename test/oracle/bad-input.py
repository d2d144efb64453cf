"""Asks a real Spark (pyspark) what it makes of damaged and odd text files: test/fixtures/sql/bad-input.json, whose questions without an answer get one.

Question: {"format", "options", "content": base64, "schema"?}. Answer: "types" and "rows" (as JSON), or "error", the condition's first part.

    python test/oracle/bad-input.py test/fixtures/sql/bad-input.json
"""
import base64
import json
import os
import sys
import tempfile

from pyspark.sql import SparkSession


def main(fixture):
    with open(fixture) as file:
        questions = json.load(file)
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    with tempfile.TemporaryDirectory() as folder:
        answered = [q if "types" in q or "error" in q else {**q, **answer(spark, q, os.path.join(folder, str(n)))} for n, q in enumerate(questions)]
    lines = ",\n".join(json.dumps(q, ensure_ascii=False) for q in answered)
    with open(fixture, "w") as file:
        file.write(f"[\n{lines}\n]\n")


def answer(spark, question, path):
    with open(path, "wb") as file:
        file.write(base64.b64decode(question["content"]))
    try:
        reader = spark.read.format(question["format"]).options(**question["options"])
        frame = (reader.schema(question["schema"]) if "schema" in question else reader).load(path)
        types = " ".join(f"{field.name}:{field.dataType.simpleString()}" for field in frame.schema)
        rows = [row[0] for row in frame.selectExpr("to_json(struct(*), map('ignoreNullFields', 'false'))").collect()] if frame.schema else ["{}"] * frame.count()
        return {"types": types, "rows": rows}
    except Exception as failure:
        return {"error": condition(failure).split(".")[0]}


def condition(failure):
    """The first that an error or one of its causes has."""
    java = getattr(failure, "java_exception", None) or getattr(failure, "_origin", None)
    while java is not None:
        if hasattr(java, "getCondition") and java.getCondition():
            return java.getCondition()
        java = java.getCause()
    return getattr(failure, "_errorClass", None) or str(failure)


main(sys.argv[1])
