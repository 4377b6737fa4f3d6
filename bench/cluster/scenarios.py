#!/usr/bin/env python3
"""Prints what an installation of several processes stores when it is disturbed, beside what one undisturbed process stores of
the same posts. usage: scenarios.py [NAME…]   (default: all)

Three Apache Kafka brokers are started on loopback (scripts/cluster/kafka.sh); GROUNDSWELL_BINARY is a program built with
`--features kafka`. GROUNDSWELL_CLUSTER, the address of an OpenSearch or Elasticsearch, keeps the mentions there;
else they are in the server's data folder. POSTS is how many posts each scenario pushes (8,000)."""

import os, subprocess, sys, threading, time
from installation import BINARY, Hook, Installation, ROOT, batches, kafka

POSTS = int(os.environ.get("POSTS", "8000"))
QUERIES = [("acme", "acme"), ("river", "river"), ("both", "acme AND river")]
#: Past this, what is missing is lost.
PATIENCE = 240
ERASED = 13


class Run:
    """An installation under way: a server, two workers, and who pushes."""

    def __init__(self, name, brokers, workers=2):
        store = os.environ.get("GROUNDSWELL_CLUSTER")
        more = f'[store]\nurl = "{store}"\nprefix = "{name}-{int(time.time())}"\nreplicas = 1\n' if store else ""
        self.at = Installation(name, brokers, more)
        self.at.start("serve")
        self.monitors = [self.at.monitor(*query) for query in QUERIES]
        self.hook = Hook()
        self.alert()
        for _ in range(workers):
            self.at.start("process")
        self.batches = batches(POSTS)

    def alert(self):
        """One that is told of once: the first hundred mentions of acme within a day."""
        base = "/api/v1/projects/default"
        made = self.at.server().ask(f"{base}/destinations", {
            "name": "hook", "channel": "webhook", "address": self.hook.address, "internal": True, "allow_private": True})
        self.at.server().ask(f"{base}/alerts", {
            "name": "first", "when": {"kind": "keyword", "query": "n0"}, "recipients": [made["destination"]["id"]], "cooldown": 0})

    def push(self, share):
        """Pushes up to this share of the batches."""
        upto = round(len(self.batches) * share)
        for batch in self.batches[getattr(self, "done", 0):upto]:
            self.at.push(batch)
        self.done = upto

    def workers(self):
        return [p for p in self.at.processes if p.role == "process"]


def normal(run):
    run.push(1)


def worker_killed(run):
    for share in (0.25, 0.5, 0.75):
        run.push(share)
        run.at.kill(run.workers()[0])
        run.at.start("process")
    run.push(1)


def server_killed(run):
    for share in (0.3, 0.6):
        run.push(share)
        run.at.kill(run.at.server())
        run.at.start("serve")
    run.push(1)


def collector_killed(run):
    """All but its pushes: posts come from a file that a collector reads, which is killed while it does."""
    plain = [post for batch in run.batches for post in batch]
    import json
    file = run.at.folder / "posts.jsonl"
    file.write_text("".join(json.dumps(post) + "\n" for post in plain))
    config = run.at.config.read_text()
    run.at.config.write_text(config + f'[[source]]\nname = "shelf"\ntype = "file"\npaths = ["{file}"]\nspeed = "max"\n')
    for wait in (0.4, 0.8):
        collector = run.at.start("collect")
        time.sleep(3 + wait)
        run.at.kill(collector)
    run.at.start("collect")


def broker_lost(run):
    run.push(0.3)
    kafka("kill", "2")
    run.push(0.7)
    kafka("up", "2")
    run.push(1)


def rolling_restart(run):
    run.push(0.2)
    for worker in run.workers():
        run.at.stop(worker)
        run.at.start("process")
        run.push(run.done / len(run.batches) + 0.1)
    for node in ("1", "2", "3"):
        kafka("kill", node)
        kafka("up", node)
        run.push(run.done / len(run.batches) + 0.1)
    run.at.stop(run.at.server())
    run.at.start("serve")
    run.push(1)


def poison(run):
    """Records that are no posts, in both topics."""
    run.push(0.5)
    classpath = (ROOT / "target/tools/kafka/classpath").read_text()
    for topic in ("posts", "matched"):
        command = ["java", "-Xmx128m", "-cp", classpath, "org.apache.kafka.tools.ConsoleProducer", "--bootstrap-server",
                   BROKERS, "--topic", f"{run.at.folder.name}.{topic}"]
        subprocess.run(command, input="what is this\nGSK\n\nGSM and more of it that is no record\n" * 5, text=True, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    run.push(1)


def backlog(run):
    """Everything is there before the first worker is."""
    for worker in run.workers():
        run.at.stop(worker)
    run.push(1)
    run.at.start("process")


def rebalances(run):
    """A worker comes or goes every ten seconds."""
    end = threading.Event()

    def shake():
        extra = None
        while not end.wait(10):
            if extra is None:
                extra = run.at.start("process")
            else:
                run.at.stop(extra)
                extra = None

    thread = threading.Thread(target=shake)
    thread.start()
    for n in range(1, 13):
        run.push(n / 12)
        time.sleep(4)
    end.set()
    thread.join()


def erasure(run):
    """An author is erased while workers are killed."""
    run.push(0.4)
    run.at.kill(run.workers()[0])
    run.at.start("process")
    time.sleep(15)
    run.at.server().ask("/api/v1/erasures", {"platform": "test", "author": f"person{ERASED}.example", "reason": "asked for"})
    run.at.kill(run.workers()[0])
    run.at.start("process")
    run.push(1)


SCENARIOS = {
    "normal": normal,
    "worker-killed": worker_killed,
    "collector-killed": collector_killed,
    "server-killed": server_killed,
    "broker-lost": broker_lost,
    "rolling-restart": rolling_restart,
    "poison": poison,
    "backlog": backlog,
    "rebalances": rebalances,
    "erasure": erasure,
}


def undisturbed():
    """What one process without brokers stores, and without the erased author."""
    at = Installation("alone")
    try:
        at.start("all")
        monitors = [at.monitor(*query) for query in QUERIES]
        for batch in batches(POSTS):
            at.push(batch)
        last = None
        while (now := at.stored(monitors)) != last:
            last = now
            time.sleep(2)
        return now
    finally:
        at.end()


def is_erased(text):
    return int(text.rsplit("n", 1)[1]) % 997 == ERASED


def main(names):
    expected = undisturbed()
    print(f"{POSTS} posts, {len(expected)} mentions by one process; {os.path.basename(BINARY)}", flush=True)
    print("| scenario | stored | lost | doubled | extra | alert told | drained after |", flush=True)
    print("|---|---:|---:|---:|---:|---:|---:|", flush=True)
    failed = False
    for name in names:
        wanted = expected
        if name == "erasure":
            wanted = {key: n for key, n in expected.items() if not is_erased(key[1])}
        run = Run(name, BROKERS)
        try:
            SCENARIOS[name](run)
            pushed, found = time.time(), {}
            while found != wanted and time.time() - pushed < PATIENCE:
                time.sleep(1)
                found = run.at.stored(run.monitors)
            drained = time.time() - pushed
            lost = sum(1 for key in wanted if key not in found)
            extra = sum(1 for key in found if key not in wanted)
            doubled = sum(1 for n in found.values() if n > 1)
            told = f"{len(set(run.hook.ids))} ({len(run.hook.ids)} deliveries)"
            failed |= found != wanted
            print(f"| {name} | {len(found)} of {len(wanted)} | {lost} | {doubled} | {extra} | {told} | {drained:.0f} s |", flush=True)
        finally:
            if not os.environ.get("KEEP"):
                run.at.end()
    return failed


if __name__ == "__main__":
    names = sys.argv[1:] or list(SCENARIOS)
    BROKERS = kafka("start").splitlines()[-1]
    try:
        sys.exit(main(names))
    finally:
        kafka("stop")
