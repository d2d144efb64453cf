# How a Python peer says what it measured; the same lines as Report.scala and bench/programs/report.ts.
import datetime
import decimal
import json
import re
import time


def timed(phase, run, body):
    start = time.perf_counter()
    check = body()
    seconds = time.perf_counter() - start
    print("BENCH " + json.dumps({"phase": phase, "run": run, "seconds": seconds, "check": str(check)}), flush=True)


def check_of(rows):
    """An answer in a few characters, as bench/programs/tpch-check.ts makes them."""
    total, text = 0.0, 0
    for row in rows:
        for value in row:
            if isinstance(value, (int, float, decimal.Decimal)):
                total += float(value)
            elif isinstance(value, (datetime.date, datetime.datetime)):
                text += 10
            elif value is not None:
                text += len(str(value))
    return f"{len(rows)} rows, {precise(total)}, {text} characters"


def precise(total):
    """As JavaScript's toExponential(5)."""
    return re.sub(r"e([+-])0*(\d)", r"e\1\2", f"{total:.5e}")
