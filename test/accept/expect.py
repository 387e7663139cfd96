"""What was expected and what was found, a line each; and the verdict over all of them."""
import time

failed = 0


def check(what, expected, found, ok=None):
    """`ok`: where being equal is not the question."""
    global failed
    ok = expected == found if ok is None else ok
    failed += not ok
    print(f"{what}: expected {expected} found {found} {'ok' if ok else 'FAIL'}", flush=True)


def wait_for(ask, patience=90):
    """The first answer that is something; the last one when `patience` seconds end."""
    until = time.monotonic() + patience
    while True:
        answer = ask()
        if answer or time.monotonic() > until:
            return answer
        time.sleep(0.5)


def verdict():
    """@returns the exit code."""
    print("all as expected" if not failed else f"{failed} not as expected", flush=True)
    return 1 if failed else 0
