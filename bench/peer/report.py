# How a Python peer says what it measured; the same lines as Report.scala and bench/programs/report.ts.
import json
import time


def timed(phase, run, body):
    start = time.perf_counter()
    check = body()
    seconds = time.perf_counter() - start
    print("BENCH " + json.dumps({"phase": phase, "run": run, "seconds": seconds, "check": str(check)}), flush=True)
