"""Has a real Spark (pyspark) write text files in each compression: test/fixtures/sql/compressed/. With a second argument it reads a folder of such
files instead and says, for each, how many lines there are and their hash.

    python test/oracle/compressed.py test/fixtures/sql/compressed [FOLDER]
"""
import glob
import os
import shutil
import sys
import tempfile

from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
spark.sparkContext.setLogLevel("OFF")
if len(sys.argv) > 2:
    for path in sorted(glob.glob(os.path.join(sys.argv[2], "*"))):
        print(os.path.basename(path), spark.read.text(path).selectExpr("count(*)", "sum(xxhash64(value) % 1000)").collect())
    sys.exit()
lines = spark.sql("SELECT concat('line ', id % 97, ' of many, \u00e4\u00f6\u00fc ', repeat('x', cast(id % 13 AS int))) FROM range(20000)").coalesce(1)
for codec in ("bzip2", "deflate", "gzip", "lz4", "snappy"):
    folder = os.path.join(tempfile.mkdtemp(), "out")
    lines.write.option("compression", codec).text(folder)
    [file] = glob.glob(os.path.join(folder, "part-*"))
    shutil.copy(file, os.path.join(sys.argv[1], "lines.txt." + file.rsplit(".", 1)[1]))
