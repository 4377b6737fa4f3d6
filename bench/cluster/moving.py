#!/usr/bin/env python3
"""Prints what moving mentions into OpenSearch and back costs, beside what OpenSearch alone takes for the same documents.
usage: moving.py [NODES…]   (1 and 3)

MENTIONS (200,000) made-up ones are moved by target/release/bench-store, or BENCH_STORE; each number of nodes is started anew on
this machine (scripts/cluster/opensearch.sh, which see for HEAP; all nodes of it run in one process) and warmed up with WARM (200,000)
of them: until Java has compiled itself it takes twice as long. Then what was sent is sent once more as it is, over as many connections: the rate of that is what nobody who writes these
documents can pass. Processor time is that of all nodes together, and that of bench-store itself."""

import http.client, http.server, json, os, pathlib, re, shutil, subprocess, sys, tempfile, threading, time, urllib.parse
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[2]
BENCH = os.environ.get("BENCH_STORE", str(ROOT / "target/release/bench-store"))
MENTIONS = int(os.environ.get("MENTIONS", "200000"))
WARM = int(os.environ.get("WARM", "200000"))
#: As many requests as a move has under way.
BESIDE = 4


def ask(url, method, path, body=None):
    place = urllib.parse.urlparse(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=600)
    connection.request(method, path, body, {"content-type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]}")
    return json.loads(text)


def engine(url):
    """Seconds of processor time that the nodes have used; several may be one process."""
    processes = {name: of["process"]["id"] for name, of in ask(url, "GET", "/_nodes/process")["nodes"].items()}
    stats = ask(url, "GET", "/_nodes/stats/process")["nodes"]
    used = {processes[name]: of["process"]["cpu"]["total_in_millis"] for name, of in stats.items()}
    return sum(used.values()) / 1000


class Listener:
    """Hands every request on to a node, and keeps what was written."""

    def __init__(self, url):
        place = urllib.parse.urlparse(url)
        self.indices, self.bulks = {}, []
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                if self.command == "PUT" and re.fullmatch(r"/[^/?]+-mentions-[^/?]+", self.path):
                    listener.indices[self.path] = body
                if self.path.startswith("/_bulk"):
                    listener.bulks.append(body)
                connection = http.client.HTTPConnection(place.hostname, place.port, timeout=600)
                connection.request(self.command, self.path, body, {"content-type": "application/json"})
                answer = connection.getresponse()
                text = answer.read()
                self.send_response(answer.status)
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_PUT = do_POST = do_DELETE = handle_any

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def bench(folder, mentions, url):
    """Both ways: mentions a second, and bench-store's own µs of processor time for each."""
    command = [BENCH, "--mentions", str(mentions), "--folder", str(folder)]
    command += ["--cluster", url, "--only", "move"] if url else ["--only", "build"]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    rates = [int(n) for n in re.findall(r"moved and compared a second, .*? (\d+) ", said)]
    ours = [int(n) for n in re.findall(r"our own processor's time for a mention +(\d+) µs", said)]
    moved = re.search(r"^mentions +(\d+)", said, re.M)
    return rates, ours, int(moved.group(1))


def clean(url):
    for index in ask(url, "GET", "/_cat/indices/bench-move-*?format=json"):
        ask(url, "DELETE", "/" + index["index"])


def bare(url, indices, bulks):
    """Seconds and the nodes' processor time to make the indices, take what was written, and put it on the disks."""
    clean(url)
    for path, body in indices.items():
        ask(url, "PUT", path, body)
    before, begun = engine(url), time.time()
    with ThreadPoolExecutor(BESIDE) as pool:
        for answer in pool.map(lambda body: ask(url, "POST", "/_bulk", body), bulks):
            if answer["errors"]:
                raise RuntimeError("a document was refused")
    for what in ("_refresh", "_flush"):
        ask(url, "POST", f"/bench-move-*/{what}")
    return time.time() - begun, engine(url) - before


def measure(url):
    """The rows of one number of nodes."""
    made = pathlib.Path(tempfile.mkdtemp(prefix="gs-moving-"))
    try:
        bench(made / "warm", WARM, url)
        clean(url)
        bench(made / "all", MENTIONS, None)
        before = engine(url)
        (there, back), (ours_there, ours_back), count = bench(made / "all", MENTIONS, url)
        both = (engine(url) - before) / count * 1e6
        clean(url)
        listener = Listener(url)
        bench(made / "all", MENTIONS, listener.url)
        seconds, cpu = bare(url, listener.indices, listener.bulks)
        size = sum(map(len, listener.bulks))
        nodes = len(ask(url, "GET", "/_nodes/process")["nodes"])
        print(f"| {nodes} | {count:,} | {there:,} | {ours_there} | {back:,} | {ours_back} | {both:,.0f} | "
              f"{count / seconds:,.0f} | {cpu / count * 1e6:,.0f} | {size / count:,.0f} |", flush=True)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def main(numbers):
    print(f"{MENTIONS:,} mentions, {len(os.sched_getaffinity(0))} cores for all; CPU-µs a mention", flush=True)
    print("| nodes | mentions | there, a second | our CPU | back, a second | our CPU | nodes' CPU, both ways | "
          "`_bulk` alone, a second | its CPU | bytes sent each |", flush=True)
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|", flush=True)
    for nodes in numbers:
        again = [sys.executable, __file__, "--measure"]
        subprocess.run([str(ROOT / "scripts/cluster/opensearch.sh"), *again], check=True,
                       env={"HEAP": "1024m", **os.environ, "NODES": str(nodes)})


if __name__ == "__main__":
    if sys.argv[1:] == ["--measure"]:
        measure(os.environ["GROUNDSWELL_CLUSTER"])
    else:
        main([int(n) for n in sys.argv[1:]] or [1, 3])
