# What real Spark prints for errors of queries: reads statements (one a paragraph) from query-contexts.sql beside this file, writes each with its whole
# message to test/fixtures/sql/query-contexts.json. Commands before a query (CREATE VIEW) are asked, too, and have no message.
# Not part of npm test: it needs pyspark. Run: bench/.venv/bin/python test/oracle/query-contexts.py
# The other half: test/unit/runtime/sql/errors/query-context.test.ts.
import json
import os
import re
import tempfile

from pyspark.sql import SparkSession

HERE = os.path.dirname(os.path.abspath(__file__))


def message_of(failure):
    """The innermost error with a condition: a task's failure wraps it."""
    java = getattr(failure, "java_exception", None) or getattr(failure, "_origin", None)
    said = None
    while java is not None:
        try:
            if java.getCondition() is not None:
                said = java.getMessage()
        except Exception:
            pass
        java = java.getCause()
    return said or str(failure)


def main():
    with tempfile.TemporaryDirectory() as warehouse:
        spark = (
            SparkSession.builder.master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.warehouse.dir", warehouse)
            .config("spark.sql.catalogImplementation", "in-memory")
            .getOrCreate()
        )
        spark.sparkContext.setLogLevel("OFF")
        with open(os.path.join(HERE, "query-contexts.sql"), encoding="utf-8") as file:
            texts = [t.strip("\n") for t in re.split(r"\n\s*\n", file.read()) if not t.startswith("--")]
        asked = []
        for text in texts:
            try:
                spark.sql(text).collect()
                asked.append({"sql": text})
            except Exception as failure:
                # An unresolved plan follows the sentence of an analysis error: it is not compared.
                asked.append({"sql": text, "message": re.sub(r"(; line \d+ pos \d+);\n[\s\S]*", r"\1", message_of(failure))})
    with open(os.path.join(HERE, "..", "fixtures", "sql", "query-contexts.json"), "w", encoding="utf-8") as out:
        out.write("[\n" + ",\n".join(json.dumps(a, ensure_ascii=False) for a in asked) + "\n]\n")


main()
