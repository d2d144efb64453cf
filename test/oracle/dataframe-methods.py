"""Asks a real Spark (pyspark) what DataFrame methods give: the programs of test/unit/runtime/sql/api/dataframe-methods.test.ts, by name. Prints JSON:
{"types": [[name, type]], "show": [line]} of a table, {"value": …} of a value, {"error": condition}. `python test/oracle/dataframe-methods.py >
test/fixtures/sql/dataframe-methods.json`
"""
import contextlib
import io
import json

from pyspark.sql import Observation, SparkSession
from pyspark.sql import functions as F
from pyspark.errors import PySparkException

spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "1")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
col = F.col

people = spark.createDataFrame(
    [
        (1, "Ann", 30, "HR", 100.0),
        (2, "Bob", 25, "IT", 200.0),
        (3, "Cid", None, "IT", float("nan")),
        (4, None, 41, "HR", None),
        (5, "Eve", 25, None, 50.5),
    ],
    "id int, name string, age int, dept string, pay double",
)
depts = spark.createDataFrame([("HR", "Human Resources"), ("IT", "Computers"), ("PR", "Press")], "dept string, title string")


p = people.alias("p")
d = depts.alias("d")


def observed():
    observation = Observation("seen")
    df = people.observe(observation, F.count(F.lit(1)).alias("rows"), F.max("age").alias("oldest"), F.sum("pay").alias("pay"))
    df.filter("id < 3").collect()
    return {k: repr(v) for k, v in observation.get.items()}


CASES = {
    "crosstab": lambda: people.crosstab("dept", "age").orderBy("dept_age"),
    "crosstab of numbers": lambda: people.stat.crosstab("id", "dept").orderBy("id_dept"),
    "transpose": lambda: people.select("id", "age").transpose(),
    "transpose by a name": lambda: people.select("name", "age", "pay").transpose("name"),
    "transpose by a column": lambda: people.select("age", "id").orderBy("id").transpose(people.id),
    "transpose of one column": lambda: people.select("name").transpose(),
    "transpose without rows": lambda: people.filter("id > 9").select("id", "age").transpose(),
    "transpose of several types": lambda: people.select("id", "age", "name").transpose(),
    "transpose by an array": lambda: people.select(F.array("id"), "age").transpose(),
    "transpose of types that do not fit": lambda: people.select("id", F.array("age"), F.struct("age")).transpose(),
    "groupingSets": lambda: people.groupingSets([[col("dept"), col("age")], [col("dept")], []], "dept", "age")
    .agg(F.count("*").alias("n"), F.grouping_id().alias("g"))
    .orderBy("g", "dept", "age"),
    "scalar": lambda: people.select("id", depts.filter("dept = 'PR'").select("title").scalar().alias("t")).orderBy("id"),
    "scalar of the row": lambda: p.select("id", d.where(col("d.dept") == col("p.dept").outer()).select("title").scalar().alias("t")).orderBy("id"),
    "exists": lambda: p.where(d.where(col("d.dept") == col("p.dept").outer()).exists()).select("id").orderBy("id"),
    "not exists": lambda: p.where(~d.where(col("p.dept").outer() == col("d.dept")).exists()).select("id").orderBy("id"),
    "scalar of two columns": lambda: people.select(depts.scalar()),
    "outer of nothing": lambda: people.select(depts.where(col("dept") == col("nothing").outer()).exists()),
    "lateralJoin": lambda: p.lateralJoin(d.where(col("d.dept") == col("p.dept").outer()).select("title")).select("id", "title").orderBy("id"),
    "lateralJoin left": lambda: p.lateralJoin(
        d.where(col("d.dept") == col("p.dept").outer()).select("title"), how="left"
    ).select("id", "title").orderBy("id"),
    "observe": observed,
    "metadata": lambda: people.withMetadata("id", {"k": 1}).select("id").limit(1),
    "sameSemantics": lambda: [
        people.select("id").sameSemantics(people.select("id")),
        people.select("id").sameSemantics(people.select(col("id").alias("x"))),
        people.select("id").sameSemantics(people.select("age")),
        people.filter("id > 1").sameSemantics(people.where(col("id") > 1)),
        people.filter("id > 1").sameSemantics(people.where(col("id") > 2)),
    ],
    "approxQuantile": lambda: people.approxQuantile(["age", "id"], [0.0, 0.5, 1.0], 0.0),
    "corr and cov": lambda: [round(people.corr("id", "age"), 12), round(people.cov("id", "age"), 12)],
    "fillna": lambda: people.fillna({"age": 0, "name": "?"}).select("id", "name", "age").orderBy("id"),
    "dropna": lambda: people.dropna("any", subset=["age", "dept"]).select("id").orderBy("id"),
    "replace": lambda: people.replace({"HR": "X"}, subset=["dept"]).select("id", "dept").orderBy("id"),
    "drop_duplicates": lambda: people.drop_duplicates(["dept"]).select("dept").orderBy("dept"),
    "localCheckpoint": lambda: people.localCheckpoint().select("id").orderBy("id"),
    "isStreaming": lambda: [people.isStreaming, str(people.storageLevel), str(people.select("id").cache().storageLevel)],
}


def answer(make):
    try:
        made = make()
        if not hasattr(made, "show"):
            return {"value": made}
        text = io.StringIO()
        with contextlib.redirect_stdout(text):
            made.show(truncate=False)
        return {"types": made.dtypes, "show": text.getvalue().split("\n")[:-2]}
    except PySparkException as error:
        return {"error": error.getCondition()}


print("{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(answer(make))}" for name, make in CASES.items()) + "\n}")
