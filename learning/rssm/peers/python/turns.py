"""What a peer program and the program that measures it say to each other, a line
of JSON each way: the request; what was opened, or why it could not be; then for
every empty line the milliseconds of a run. The end of input ends the program.
"""
import json
import os
import sys
import time


def serve(open_work):
    """open_work(request) returns (about, run): what to report and what to time.
    run returns when the device is done."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer

    def answer(value):
        answers.write(json.dumps(value, allow_nan=False) + "\n")
        answers.flush()

    try:
        about, run = open_work(json.loads(sys.stdin.readline()))
        answer(about)
        for _ in sys.stdin:
            start = time.perf_counter_ns()
            run()
            answer({"ms": (time.perf_counter_ns() - start) / 1e6})
    except Exception as error:  # the one reader is told, whatever it is
        text = str(error).strip() or type(error).__name__
        answer({"error": text.splitlines()[0]})
        raise
