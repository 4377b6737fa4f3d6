#!/usr/bin/env python3
"""Prints what processing costs when it is spread over processes. usage: workers.py [PART…]   (backlog, overhead, killed; default: all)

Three Apache Kafka brokers are started on loopback (scripts/cluster/kafka.sh); GROUNDSWELL_BINARY is a release program built with
`--features kafka`. POSTS (300,000) is how many each round has, ROUNDS (3) of how many the median is told. Each worker is bound to
a core, the first to the first; with more workers than cores they share. Brokers, server and this program run beside them on the
same cores, so rates are those of a busy machine; seconds of processor time are the workers' own.

The encoder is switched off: how much it reads follows from the clock."""

import itertools, json, os, pathlib, random, signal, statistics, sys, time
from installation import BINARY, PARTITIONS, Installation, kafka, shelf

POSTS = int(os.environ.get("POSTS", "300000"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
CORES = sorted(os.sched_getaffinity(0))
WITHOUT_ENCODER = "[scoring]\nsure_percent = 0\n"
#: One in so many posts is a mention.
EVERY = 10


def posts(count, every=EVERY):
    """Made-up posts of some words each, as frequent as words are; one in `every` says acme."""
    chance = random.Random(7)
    words = ["".join(chance.choices("abcdefghiklmnoprstuvw", k=chance.randint(2, 9))) for _ in range(4000)]
    weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(words))))
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
    out = []
    for n in range(count):
        said = chance.choices(words, cum_weights=weights, k=chance.randint(6, 24))
        if n % every == 0:
            said.insert(len(said) // 2, "acme")
        author = {"id": f"a{chance.randrange(count)}", "handle": f"person{n % 9973}.example"}
        out.append({"uid": f"test:{n}", "platform": "test", "text": " ".join(said), "author": author, "created_at": now})
    return out


def until(reached, patience=300):
    """Seconds until that was so."""
    begun = time.time()
    while not reached():
        if time.time() - begun > patience:
            raise SystemExit(f"not reached after {patience} s")
        time.sleep(0.1)
    return max(time.time() - begun, 0.001)


def push(at, made, size=1000):
    for begin in range(0, len(made), size):
        at.push(made[begin:begin + size])


def start_workers(at, count):
    return [at.start("process", CORES[n % len(CORES)]) for n in range(count)]


def work_off(workers, file):
    """The same backlog for so many workers, which share the partitions already: their seconds of processor time, and posts a
    second. They are halted while the backlog grows, for less than their session lasts."""
    at = Installation(f"backlog-{workers}", BROKERS, WITHOUT_ENCODER + '[kafka.properties]\n"session.timeout.ms" = "120000"\n')
    try:
        at.start("serve")
        at.monitor("acme", "acme")
        started = start_workers(at, workers)
        until(lambda: [worker.lag()[1] for worker in started] == [PARTITIONS // workers] * workers)
        push(at, [{**post, "uid": f"warm:{n}"} for n, post in enumerate(posts(2000))])
        until(lambda: read_by(started) >= 2000 and at.lag()[0] == 0)
        for worker in started:
            worker.child.send_signal(signal.SIGSTOP)
        at.config.write_text(at.config.read_text() + shelf(file))
        collector = at.start("collect")
        until(lambda: read(collector) >= POSTS)
        at.stop(collector)
        before = sum(worker.cpu() for worker in started)
        for worker in started:
            worker.child.send_signal(signal.SIGCONT)
        seconds = until(lambda: read_by(started) >= POSTS + 2000)
        return sum(worker.cpu() for worker in started) - before, POSTS / seconds
    finally:
        at.end()


def read_by(workers):
    return sum(read(worker) for worker in workers)


def read(worker):
    """Posts that a worker or a collector read."""
    for line in worker.ask("/metrics").splitlines():
        if line.startswith("groundswell_posts_admitted_total "):
            return int(line.split()[1])


def backlog():
    made = written(POSTS, EVERY)
    print(f"\n{POSTS:,} posts, one in {EVERY} a mention; medians of {ROUNDS}", flush=True)
    print("| workers | CPU-seconds | CPU-µs a post | beside one worker | posts/s | beside one worker |\n|---:|---:|---:|---:|---:|---:|", flush=True)
    first = None
    for workers in (1, 2, 4):
        rounds = [work_off(workers, made) for _ in range(ROUNDS)]
        cpu, rate = (statistics.median(values) for values in zip(*rounds))
        first = first or (cpu, rate)
        print(f"| {workers} | {cpu:.2f} | {cpu / POSTS * 1e6:.1f} | {cpu / first[0]:.2f} | {rate:,.0f} | {rate / first[1]:.2f} |", flush=True)


def whole_path(file, mentions, roles, brokers):
    """Seconds of processor time of all processes from the start of the source until every mention can be found."""
    at = Installation("path", brokers, WITHOUT_ENCODER)
    try:
        # The monitor is made before there is a source.
        first = at.start(roles[0])
        monitor = at.monitor("acme", "acme")
        at.stop(first)
        at.config.write_text(at.config.read_text() + shelf(file))
        for role in roles:
            at.start(role)
        until(lambda: at.total(monitor) >= mentions)
        return sum(process.cpu() for process in at.processes)
    finally:
        at.end()


def overhead():
    print(f"\nCPU of collector, worker and server beside that of one process; {POSTS:,} posts from a file; medians of {ROUNDS}; "
          "engines are not counted; the same with a file of one post is taken off", flush=True)
    print("| a mention is one post in | one process, µs a mention | spread, µs a mention | more |\n|---:|---:|---:|---:|", flush=True)
    ways = {"alone": (("all",), None), "spread": (("serve", "process", "collect"), BROKERS)}

    def cost(way, count, every):
        return statistics.median(whole_path(written(count, every), -(-count // every), *ways[way]) for _ in range(ROUNDS))

    idle = {way: cost(way, 1, 1) for way in ways}
    for every in (2, EVERY, 50):
        alone, spread = ((cost(way, POSTS, every) - idle[way]) / (POSTS // every) * 1e6 for way in ways)
        print(f"| {every} | {alone:,.0f} | {spread:,.0f} | {spread / alone - 1:+.0%} |", flush=True)


def written(count, every):
    """A file of so many posts."""
    file = pathlib.Path(f"/tmp/groundswell-workers-{os.getpid()}-{count}-{every}.jsonl")
    if not file.exists():
        file.write_text("".join(json.dumps(post) + "\n" for post in posts(count, every)))
        FILES.append(file)
    return file


def recovery():
    """Seconds from kill -9 of one of two workers until all of what was pushed right after it can be found."""
    at = Installation("killed", BROKERS, WITHOUT_ENCODER)
    try:
        at.start("serve")
        monitor = at.monitor("acme", "acme")
        start_workers(at, 2)
        made = posts(5000, every=1)
        push(at, made[:4000], 200)
        until(lambda: at.total(monitor) == 4000)
        at.kill(at.workers()[0])
        killed = time.time()
        # So many that they lie in all partitions.
        push(at, made[4000:], 200)
        until(lambda: at.total(monitor) == 5000)
        return time.time() - killed
    finally:
        at.end()


def killed():
    seconds = [recovery() for _ in range(ROUNDS)]
    told = ", ".join(f"{each:.1f}" for each in sorted(seconds))
    print(f"\nkill -9 of one of two workers: {statistics.median(seconds):.1f} s until all that was pushed then was found ({told})", flush=True)


PARTS = {"backlog": backlog, "overhead": overhead, "killed": killed}

if __name__ == "__main__":
    # Asked to end, it stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    FILES = []
    BROKERS = kafka("start").splitlines()[-1]
    try:
        print(f"{len(CORES)} cores, {os.path.basename(BINARY)}, three brokers on the same machine", flush=True)
        for name in sys.argv[1:] or list(PARTS):
            PARTS[name]()
    finally:
        kafka("stop")
        for file in FILES:
            file.unlink(missing_ok=True)
