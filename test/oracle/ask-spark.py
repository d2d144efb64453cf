# What real Spark answers to expressions: reads texts, one expression a line (# begins a comment, a first line "conf key=value" sets a setting until
# the next one), and the documented examples of functions; writes JSON that the unit tests compare with value by value.
# Not part of npm test: it needs pyspark. Run: bench/.venv/bin/python test/oracle/ask-spark.py
# The other half: test/unit/runtime/sql/scalars.test.ts and test/fixtures/sql/.
import json
import os
import re
import sys

from pyspark.sql import SparkSession

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..", "fixtures", "sql")
GROUPS = {
    "string_funcs", "math_funcs", "predicate_funcs", "conditional_funcs", "hash_funcs", "bitwise_funcs", "misc_funcs", "conversion_funcs",
    "url_funcs",
}
# Examples whose answers are of the machine, the moment or chance, and functions of other areas in these groups.
SKIPPED = {
    "java_method", "reflect", "try_reflect", "uuid", "rand", "random", "randn", "version", "current_user", "user", "session_user", "input_file_name",
    "input_file_block_length", "input_file_block_start", "monotonically_increasing_id", "spark_partition_id", "approx_top_k_estimate", "shuffle",
    "randstr", "uniform", "from_avro", "to_avro", "from_protobuf", "to_protobuf", "schema_of_avro", "aes_encrypt", "current_catalog",
}


def questions(path):
    """@returns (settings, expression) for each line"""
    settings = ""
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("conf "):
            settings = line[5:].strip()
        elif line.strip() and not line.startswith("#"):
            yield settings, line.replace("\\n", "\n") if line.startswith("nl:") else line


def examples(spark):
    registry = spark._jsparkSession.sessionState().functionRegistry()
    names = registry.listFunction()
    it = names.iterator()
    seen = set()
    while it.hasNext():
        name = it.next()
        info = registry.lookupFunction(name).get()
        if info.getGroup() not in GROUPS or info.getName() in SKIPPED:
            continue
        text = info.getExamples().replace("_FUNC_", info.getName())
        for sql in re.findall(r"^\s*> (SELECT .*?);\s*$", text, re.M):
            if sql not in seen:
                seen.add(sql)
                yield info.getName(), sql


def condition(error):
    found = re.search(r"\[([A-Z_0-9]+(?:\.[A-Z_0-9]+)?)\] (.*)", str(error))
    return (found.group(1), found.group(2).split(" SQLSTATE")[0]) if found else (type(error).__name__, str(error)[:200])


def ask(spark, query):
    answer = {}
    try:
        df = spark.sql(query)
        field = df.schema.fields[0]
        kind = field.dataType.simpleString()
        answer.update(name=field.name, type=kind, nullable=field.nullable)
        alias = df.toDF(*[f"c{i}" for i in range(len(df.columns))])
        shown = "hex(c0)" if kind == "binary" else "cast(c0 as string)"
        answer["rows"] = [r[0] for r in alias.selectExpr(shown).collect()]
    except Exception as error:  # every failure is an answer
        answer.pop("rows", None)
        answer["error"], answer["sentence"] = condition(error)
    return answer


def main():
    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "America/Los_Angeles")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    asked, before = [], ""
    for settings, text in questions(os.path.join(HERE, "scalar-questions.txt")):
        if settings != before:
            for pair in (settings or "spark.sql.ansi.enabled=true").split():
                spark.conf.set(*pair.split("=", 1))
            before = settings
        asked.append({"sql": f"SELECT {text}", **({"conf": settings} if settings else {}), **ask(spark, f"SELECT {text}")})
    spark.conf.set("spark.sql.ansi.enabled", "true")
    write("scalars.json", asked)
    write("documented.json", [{"function": name, "sql": sql, **ask(spark, sql)} for name, sql in sorted(examples(spark))])


def write(name, rows):
    with open(os.path.join(FIXTURES, name), "w", encoding="utf-8") as out:
        out.write("[\n" + ",\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + "\n]\n")
    print(name, len(rows), file=sys.stderr)


main()
