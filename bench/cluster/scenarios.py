#!/usr/bin/env python3
"""Prints what an installation of several processes stores when it is disturbed, beside what one undisturbed process stores of
the same posts. usage: scenarios.py [NAME…]   (default: all that can be had)

Three Apache Kafka brokers are started on loopback (scripts/cluster/kafka.sh); GROUNDSWELL_BINARY is a program built with
`--features kafka`. Mentions are in the server's data folder; with GROUNDSWELL_CLUSTER=start in three OpenSearch nodes that are
started here (scripts/cluster/opensearch-nodes.sh), or at that address. POSTS is how many posts each scenario pushes (8,000); with
180,000 `backlog` is that of an hour.
KEEP=1 leaves the folders, with their logs."""

import json, os, signal, subprocess, sys, threading, time
from installation import BINARY, HERALDS, Hook, Installation, ROOT, batches, dated, kafka, nodes, shelf

POSTS = int(os.environ.get("POSTS", "8000"))
STORE = os.environ.get("GROUNDSWELL_CLUSTER")
QUERIES = [("acme", "acme"), ("river", "river"), ("both", "acme AND river")]
#: Past this, what is missing is lost.
PATIENCE = 240
ERASED = 13
#: The node, of brokers and of OpenSearch, that has a small disk.
SMALL = "2"


class Run:
    """An installation under way: a server, two workers, and who pushes."""

    def __init__(self, name, workers=2):
        more = f'[store]\nurl = {json.dumps(ADDRESSES)}\nprefix = "{name}-{int(time.time())}"\nreplicas = 1\n' if STORE else ""
        self.at = Installation(name, BROKERS, more, small_disk=name == "server-disk-full")
        self.at.start("serve")
        self.monitors = [self.at.monitor(*query) for query in QUERIES]
        self.hook = Hook()
        self.alerts()
        for _ in range(workers):
            self.at.start("process")
        self.batches = batches(POSTS)
        self.done = 0
        #: Roles of processes that ended by themselves.
        self.ended = []

    def alerts(self):
        """One for each herald: each is told of once."""
        base = "/api/v1/projects/default"
        made = self.at.ask(f"{base}/destinations", {
            "name": "hook", "channel": "webhook", "address": self.hook.address, "internal": True, "allow_private": True})
        for word, _ in HERALDS:
            self.at.ask(f"{base}/alerts", {
                "name": word, "when": {"kind": "keyword", "query": word}, "recipients": [made["destination"]["id"]], "cooldown": 0})

    def push(self, share):
        """Pushes up to this share of the batches."""
        upto = round(len(self.batches) * share)
        for batch in self.batches[self.done:upto]:
            self.at.push(batch)
            self.done += 1

    def push_meanwhile(self, share):
        """The same, in a thread that the caller joins."""
        thread = threading.Thread(target=self.push, args=(share,))
        thread.start()
        return thread


def normal(run):
    run.push(1)


def worker_killed(run):
    for share in (0.25, 0.5, 0.75):
        run.push(share)
        run.at.kill(run.at.workers()[0])
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
    plain = [post for batch in run.batches for post in dated(batch)]
    run.done = len(run.batches)
    file = run.at.folder / "posts.jsonl"
    file.write_text("".join(json.dumps(post) + "\n" for post in plain))
    run.at.config.write_text(run.at.config.read_text() + shelf(file))
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


def node_lost(run):
    """One that is not asked: its shards' copies take over. Then the one that is asked: another is, while it is away."""
    run.push(0.3)
    nodes("kill", "3")
    run.push(0.5)
    nodes("up", "3")
    run.push(0.6)
    nodes("kill", "1")
    pushing = run.push_meanwhile(0.8)
    time.sleep(20)
    nodes("up", "1")
    pushing.join()
    run.push(1)


def broker_disk_full(run):
    """A broker whose disk is full ends; the others go on."""
    run.push(0.3)
    kafka("fill", SMALL)
    run.push(0.7)
    kafka("free", SMALL)
    kafka("up", SMALL)
    run.push(1)


def node_disk_full(run):
    """OpenSearch forbids writing to what has a copy there, or gives the copy up."""
    run.push(0.3)
    nodes("fill", SMALL)
    pushing = run.push_meanwhile(0.7)
    time.sleep(45)
    nodes("free", SMALL)
    pushing.join()
    run.push(1)


def server_disk_full(run):
    """The disk of the data folder, with control state, journal's place and, without a cluster, the store."""
    run.push(0.3)
    run.at.fill_disk()
    pushing = run.push_meanwhile(0.7)
    time.sleep(30)
    run.at.free_disk()
    # A server that could not keep its lease ends, and is started again by who watches it.
    for process in [p for p in run.at.processes if p.has_ended()]:
        run.at.processes.remove(process)
        run.at.start(process.role)
        run.ended.append(process.role)
    pushing.join()
    run.push(1)


def rolling_restart(run):
    """Workers, brokers, OpenSearch where it is used, and the server, one after the other."""
    def go_on():
        run.push(run.done / len(run.batches) + 0.08)

    run.push(0.2)
    for worker in run.at.workers():
        run.at.stop(worker)
        run.at.start("process")
        go_on()
    for node in ("1", "2", "3"):
        kafka("end", node)
        kafka("up", node)
        go_on()
    if OWN_NODES:
        for node in ("3", "2", "1"):
            pushing = run.push_meanwhile(run.done / len(run.batches) + 0.05)
            nodes("end", node)
            nodes("up", node)
            pushing.join()
    run.at.stop(run.at.server())
    run.at.start("serve")
    run.push(1)


def poison(run):
    """Records that are no posts, in both topics."""
    run.push(0.5)
    # A topic that is compacted takes none without a key. One of a format higher than 1 would be a newer program's: it stops all.
    records = "what\tis this\na key of 16 byte\tGSK\nd\tgone\nno value\t\nmore\tGSM\x01 and more of it that is no record\nand more\tGSK\x01\n"
    for topic in ("posts", "matched"):
        command = ["java", "-Xmx128m", "org.apache.kafka.tools.ConsoleProducer", "--bootstrap-server", BROKERS, "--property",
                   "parse.key=true", "--topic", f"{run.at.folder.name}.{topic}"]
        classpath = (ROOT / "target/tools/kafka/classpath").read_text()
        subprocess.run(command, input=records * 5, text=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env={**os.environ, "CLASSPATH": classpath})
    run.push(1)


def backlog(run):
    """Everything is there before the first worker is."""
    for worker in run.at.workers():
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


def erase(run):
    run.at.ask("/api/v1/erasures", {"platform": "test", "author": f"person{ERASED}.example", "reason": "asked for"})


def erasure(run):
    """An author is erased while workers are killed."""
    run.push(0.4)
    run.at.kill(run.at.workers()[0])
    run.at.start("process")
    time.sleep(15)
    erase(run)
    run.at.kill(run.at.workers()[0])
    run.at.start("process")
    run.push(1)


def all_at_once(run):
    """An author is erased while workers, brokers, the server and nodes of the store die."""
    run.push(0.3)
    run.at.kill(run.at.workers()[0])
    kafka("kill", "3")
    erase(run)
    run.push(0.4)
    run.at.start("process")
    run.at.kill(run.at.server())
    kafka("up", "3")
    run.at.start("serve")
    run.push(0.6)
    if OWN_NODES:
        nodes("kill", "2")
        run.push(0.7)
        nodes("up", "2")
    run.at.kill(run.at.workers()[0])
    run.at.start("process")
    run.push(1)


#: Those that need nodes of OpenSearch that can be killed, and those that need a disk that can be filled.
OF_NODES = {"node-lost": node_lost, "node-disk-full": node_disk_full}
OF_DISKS = {"broker-disk-full", "node-disk-full", "server-disk-full"}
#: Those in which an author is erased.
ERASING = {"erasure", "all-at-once"}
SCENARIOS = {
    "normal": normal,
    "worker-killed": worker_killed,
    "collector-killed": collector_killed,
    "server-killed": server_killed,
    "broker-lost": broker_lost,
    "broker-disk-full": broker_disk_full,
    "server-disk-full": server_disk_full,
    "rolling-restart": rolling_restart,
    "poison": poison,
    "backlog": backlog,
    "rebalances": rebalances,
    "erasure": erasure,
    "all-at-once": all_at_once,
    **OF_NODES,
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
    return int(text.rsplit("n", 1)[1]) % 997 == ERASED and not any(word in text for word, _ in HERALDS)


def settle(run, wanted):
    """What is stored at last, and after how many seconds all of it was, and the workers had nothing more to do."""
    begun, found = time.time(), {}
    while time.time() - begun < PATIENCE:
        found = run.at.stored(run.monitors)
        if found == wanted and len(set(run.hook.ids)) >= len(HERALDS) and run.at.lag()[0] == 0:
            break
        time.sleep(1)
    return found, time.time() - begun


def can_mount():
    if os.geteuid() != 0:
        return False
    probe = ["unshare", "-m", "mount", "-t", "tmpfs", "groundswell-test", "/mnt"]
    return subprocess.run(probe, stderr=subprocess.DEVNULL).returncode == 0


def chosen(names):
    """The scenarios asked for, less those that cannot be had here, of which it says so."""
    left_out = {name: "GROUNDSWELL_CLUSTER=start is not set" for name in OF_NODES if not OWN_NODES}
    if not can_mount():
        left_out.update((name, "no file system can be mounted here") for name in OF_DISKS)
    wanted = names or list(SCENARIOS)
    for name in wanted:
        if name in left_out:
            print(f"skipped: {name}: {left_out[name]}", flush=True)
    return [name for name in wanted if name not in left_out]


def main(names):
    expected = undisturbed()
    where = "OpenSearch" if STORE else "the data folder"
    print(f"{POSTS:,} posts, three brokers, two workers, mentions in {where}; {os.path.basename(BINARY)}", flush=True)
    print("| scenario | posts | mentions expected | stored | lost | doubled | extra | alerts told | drained after |", flush=True)
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|", flush=True)
    failed = False
    for name in names:
        wanted = expected
        if name in ERASING:
            wanted = {key: n for key, n in expected.items() if not is_erased(key[1])}
        run = Run(name)
        try:
            SCENARIOS[name](run)
            found, seconds = settle(run, wanted)
            lost = sum(1 for key in wanted if key not in found)
            extra = sum(1 for key in found if key not in wanted)
            doubled = sum(1 for n in found.values() if n > 1)
            told = len(set(run.hook.ids))
            failed |= found != wanted or told != len(HERALDS) or run.at.lag()[0] != 0
            print(f"| {name} | {POSTS:,} | {len(wanted):,} | {len(found):,} | {lost} | {doubled} | {extra} | "
                  f"{told} of {len(HERALDS)} in {len(run.hook.ids)} deliveries | {seconds:.0f} s |", flush=True)
            if run.ended:
                print(f"  ended by itself and was started again in {name}: {', '.join(run.ended)}", flush=True)
        except Exception as error:
            failed = True
            print(f"| {name} | cut short: {type(error).__name__}: {str(error)[:300]} |", flush=True)
        finally:
            run.at.end()
    return failed


if __name__ == "__main__":
    # Asked to end, it stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    OWN_NODES = STORE == "start"
    names = chosen(sys.argv[1:])
    small = {"SMALL_DISK": SMALL} if OF_DISKS & set(names) else {}
    try:
        BROKERS = kafka("start", **small).splitlines()[-1]
        ADDRESSES = nodes("start", **small).splitlines()[-1].split() if OWN_NODES else [STORE]
        sys.exit(main(names))
    finally:
        kafka("stop")
        if OWN_NODES:
            nodes("stop")
