"""Asks a real Spark (pyspark) what table functions give: test/fixtures/sql/udtf.json. The same functions are in test/unit/runtime/sql/udf/udtf.test.ts.

    python test/oracle/udtf.py > test/fixtures/sql/udtf.json
"""
import json

from pyspark.sql import SparkSession
from pyspark.sql.functions import AnalyzeResult, OrderingColumn, PartitioningColumn, SelectedColumn, SkipRestOfInputTableException, udtf
from pyspark.sql.types import IntegerType, StringType, StructType

QUERIES = [
    "SELECT * FROM squares(2, 4) WHERE n > 2",
    "SELECT s.x, s.y FROM squares(1, 1) AS s(x, y)",
    "SELECT * FROM squares(2, 1)",
    "SELECT k, v, n FROM t, LATERAL squares(2, v) ORDER BY v, n",
    "SELECT k, v, q.n FROM t LEFT JOIN LATERAL squares(3, v) AS q(n, s) ORDER BY v",
    "SELECT w.word FROM VALUES ('x y'), (NULL), ('z') AS s(text), LATERAL words(text) w",
    "SELECT v, c FROM VALUES (7), (7), (8) AS s(v), LATERAL counter(v)",
    "SELECT * FROM totals(TABLE(t) PARTITION BY (k), 2) ORDER BY sum",
    "SELECT * FROM totals(TABLE(t) WITH SINGLE PARTITION, 1)",
    "SELECT * FROM first_row(TABLE(SELECT * FROM t) PARTITION BY k ORDER BY v DESC) ORDER BY k",
    "SELECT * FROM first_row(TABLE(t) WITH SINGLE PARTITION ORDER BY v)",
    "SELECT * FROM totals(TABLE(SELECT * FROM t WHERE v > 9) PARTITION BY (k), 2)",
    "SELECT * FROM totals(TABLE(SELECT * FROM t WHERE v > 9) WITH SINGLE PARTITION, 2)",
    "SELECT c, k FROM t, LATERAL counter(v) ORDER BY c",
    "SELECT word, count(*) FROM VALUES ('a b'), ('b') AS s(text), LATERAL words(text) GROUP BY word ORDER BY word",
    "SELECT * FROM no_such_function(1)",
    "SELECT squares(1, 2)",
    "SELECT count(*) FROM counter(1) a, LATERAL counter(a.c) b",
    "SELECT * FROM totals(TABLE(t), TABLE(t))",
    "SELECT k, square FROM t JOIN LATERAL squares(1, v) s ON s.square > 4",
    "SELECT * FROM squares(last => 2, first => 1)",
    "SELECT * FROM squares(1, last => 2)",
    "SELECT * FROM squares(last => 2, 1)",
    "SELECT * FROM squares(first => 1, first => 2)",
    "SELECT * FROM totals(factor => 2, row => TABLE(t))",
    "SELECT * FROM wide(3)",
    "SELECT * FROM wide(n => 1 + 1)",
    "SELECT * FROM wide(n => 2, text => 'a')",
    "SELECT * FROM wide(m => 2)",
    "SELECT * FROM wide(1, n => 2)",
    "SELECT k, c1 FROM t, LATERAL wide(2) w ORDER BY v",
    "SELECT * FROM wide(-1)",
    "SELECT * FROM asked(TABLE(t), 'single')",
    "SELECT * FROM asked(TABLE(t), 'part') ORDER BY n",
    "SELECT * FROM asked(TABLE(t), 'partdesc') ORDER BY n",
    "SELECT * FROM asked(TABLE(t), 'expr') ORDER BY n",
    "SELECT * FROM asked(TABLE(t), 'select')",
    "SELECT * FROM asked(TABLE(t), 'selectpart') ORDER BY n",
    "SELECT * FROM asked(TABLE(t), 'noalias')",
    "SELECT * FROM asked(TABLE(t), 'both')",
    "SELECT * FROM asked(TABLE(t), 'orderonly')",
    "SELECT * FROM asked(TABLE(t), 'orderalias')",
    "SELECT * FROM asked(TABLE(t), 'badcol')",
    "SELECT * FROM asked(TABLE(t), 'badexpr')",
    "SELECT * FROM asked(TABLE(t), 'notresult')",
    "SELECT * FROM asked(TABLE(t), 'plist')",
    "SELECT * FROM asked(TABLE(t), 'none')",
    "SELECT * FROM asked(TABLE(t) WITH SINGLE PARTITION, 'single')",
    "SELECT * FROM asked(TABLE(t) PARTITION BY (k), 'part')",
    "SELECT * FROM asked(TABLE(t) PARTITION BY (k) ORDER BY (v), 'none') ORDER BY n",
    "SELECT * FROM asked(1, 'part')",
    "SELECT * FROM asked(1, 'single')",
    "SELECT * FROM enough(TABLE(t) WITH SINGLE PARTITION ORDER BY v)",
]


class Squares:
    def eval(self, first, last):
        for n in range(first, last + 1):
            yield n, n * n


class Totals:
    def __init__(self):
        self.count, self.sum = 0, 0.0

    def eval(self, row, factor):
        self.count += 1
        self.sum += row["v"] * factor

    def terminate(self):
        yield self.count, float(self.sum)


class First:
    def __init__(self):
        self.seen = 0

    def eval(self, row):
        self.seen += 1
        if self.seen == 1:
            yield row["k"], row["v"]


class Counter:
    def __init__(self):
        self.n = 0

    def eval(self, _):
        self.n += 1
        yield (self.n,)

    def terminate(self):
        yield (-self.n,)


class Words:
    def eval(self, text):
        for word in text.split(" ") if text is not None else []:
            yield (word,)


class Wide:
    @staticmethod
    def analyze(n, text=None):
        if n.value < 0:
            raise ValueError("negative")
        columns = StructType()
        for i in range(n.value):
            columns = columns.add(f"c{i}", IntegerType())
        return AnalyzeResult(columns)

    def eval(self, n, text=None):
        yield tuple(range(n))


COLUMNS = StructType().add("n", IntegerType()).add("rows", StringType())
BY_K, BY_V = [PartitioningColumn("k")], [OrderingColumn("v")]
MORE = [SelectedColumn("v"), SelectedColumn("v + 1", "w")]
ASKED = {
    "single": lambda: AnalyzeResult(COLUMNS, withSinglePartition=True),
    "part": lambda: AnalyzeResult(COLUMNS, partitionBy=BY_K, orderBy=BY_V),
    "partdesc": lambda: AnalyzeResult(COLUMNS, partitionBy=BY_K, orderBy=[OrderingColumn("v", False)]),
    "expr": lambda: AnalyzeResult(COLUMNS, partitionBy=[PartitioningColumn("v % 2")], orderBy=[OrderingColumn("v", False)]),
    "select": lambda: AnalyzeResult(COLUMNS, withSinglePartition=True, orderBy=BY_V, select=MORE),
    "selectpart": lambda: AnalyzeResult(COLUMNS, partitionBy=BY_K, orderBy=BY_V, select=MORE),
    "noalias": lambda: AnalyzeResult(COLUMNS, withSinglePartition=True, select=[SelectedColumn("v + 1")]),
    "both": lambda: AnalyzeResult(COLUMNS, withSinglePartition=True, partitionBy=BY_K),
    "orderonly": lambda: AnalyzeResult(COLUMNS, orderBy=BY_V),
    "orderalias": lambda: AnalyzeResult(COLUMNS, partitionBy=BY_K, orderBy=[OrderingColumn("v AS x")]),
    "badcol": lambda: AnalyzeResult(COLUMNS, partitionBy=[PartitioningColumn("nix")]),
    "badexpr": lambda: AnalyzeResult(COLUMNS, partitionBy=[PartitioningColumn("v +")]),
    "notresult": lambda: 1,
    "plist": lambda: AnalyzeResult(COLUMNS, partitionBy=["k"]),
    "none": lambda: AnalyzeResult(COLUMNS),
}


class Asked:
    def __init__(self, analyzed):
        self.rows = []

    @staticmethod
    def analyze(table, mode):
        return ASKED[mode.value]()

    def eval(self, row, mode):
        self.rows.append("|".join(str(x) for x in row))

    def terminate(self):
        yield len(self.rows), ";".join(self.rows)


class Enough:
    def eval(self, row):
        yield (row["v"],)
        if row["v"] == 2:
            raise SkipRestOfInputTableException("enough")

    def terminate(self):
        yield (-1,)


def main():
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "1").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    for name, handler, columns in [
        ("squares", Squares, "n INT, square INT"),
        ("totals", Totals, "count INT, sum DOUBLE"),
        ("first_row", First, "k STRING, v INT"),
        ("counter", Counter, "c INT"),
        ("words", Words, "word STRING"),
    ]:
        spark.udtf.register(name, udtf(handler, returnType=columns))
    spark.udtf.register("wide", udtf(Wide))
    spark.udtf.register("asked", udtf(Asked))
    spark.udtf.register("enough", udtf(Enough, returnType="v INT"))
    spark.sql("CREATE OR REPLACE TEMP VIEW t AS SELECT * FROM VALUES ('a', 3), ('b', 1), ('a', 2) AS t(k, v)")
    answers = []
    for query in QUERIES:
        try:
            answers.append({"query": query, "rows": [list(row) for row in spark.sql(query).collect()]})
        except Exception as error:  # the condition is the answer
            answers.append({"query": query, "condition": getattr(error, "getCondition", lambda: None)() or type(error).__name__})
    print("[\n" + ",\n".join(json.dumps(answer, ensure_ascii=False) for answer in answers) + "\n]")


main()
