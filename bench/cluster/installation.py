"""An installation of several processes, its brokers, and what it stores: for `scenarios.py` and `workers.py`."""

import contextlib, http.client, http.server, json, os, pathlib, shutil, signal, subprocess, tempfile, threading, time, urllib.error, urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("GROUNDSWELL_BINARY", str(ROOT / "target/release/groundswell"))
KAFKA = str(ROOT / "scripts/cluster/kafka.sh")
NODES = str(ROOT / "scripts/cluster/opensearch-nodes.sh")
PARTITIONS = 12
BEGUN = int(time.time())
#: So many posts a second, by the times that stand on them: 180,000 are an hour's.
RATE = 50
SAYS = {
    "collect": "Groundswell collects; health and metrics are on http://",
    "process": "Groundswell processes; health and metrics are on http://",
    "serve": "Groundswell is on http://",
    "all": "Groundswell is on http://",
}


class Process:
    """A running `groundswell`."""

    def __init__(self, config, role, log, core=None):
        command = [BINARY, "run", "--config", str(config)] + ([] if role == "all" else ["--role", role])
        self.role = role
        # It counts the cores that it may use, and has as many threads that match and score.
        pinned = None if core is None else lambda: os.sched_setaffinity(0, {core})
        self.child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=open(log, "ab"), text=True, preexec_fn=pinned)
        for line in self.child.stdout:
            if SAYS[role] in line:
                self.address = line.split(SAYS[role])[1].strip()
                break
        else:
            raise RuntimeError(f"{role} ended before it said its address; see {log}")
        threading.Thread(target=self.child.stdout.read, daemon=True).start()

    def kill(self):
        self.child.kill()
        self.child.wait()

    def has_ended(self):
        return self.child.poll() is not None

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        if self.child.wait(60) not in (0, -15):
            raise RuntimeError(f"{self.role} did not end well: {self.child.returncode}")

    def cpu(self):
        """Seconds of processor time so far."""
        fields = pathlib.Path(f"/proc/{self.child.pid}/stat").read_text().rsplit(")")[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, path, body=None):
        """The answer to a request."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://{self.address}{path}", data, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read().decode()
            return json.loads(text) if text.startswith(("{", "[")) else text

    def lag(self):
        """How many posts wait for this worker, and of how many partitions, as it says."""
        waiting = [int(line.split()[1]) for line in self.ask("/metrics").splitlines() if line.startswith("groundswell_lag_records{")]
        return sum(waiting), len(waiting)


class Installation:
    """A data folder, a configuration, and the processes that use them. A small disk is one of 256 MB in memory, for which one
    must be root."""

    def __init__(self, name, brokers=None, more="", small_disk=False):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"gs-{name}-"))
        self.name, self.processes, self.small_disk = name, [], small_disk
        if small_disk:
            self.data().mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256m", "groundswell-test", str(self.data())], check=True)
        kafka = f'[kafka]\nbrokers = "{brokers}"\nprefix = "{self.folder.name}"\npartitions = {PARTITIONS}\nmax_hours = 24\n' if brokers else ""
        self.config = self.folder / "groundswell.toml"
        self.config.write_text(f'[server]\nlisten = "127.0.0.1:0"\n[data]\npath = "data"\n{kafka}{more}')

    def data(self):
        return self.folder / "data"

    def start(self, role, core=None):
        process = Process(self.config, role, self.folder / f"{role}.log", core)
        self.processes.append(process)
        return process

    def fill_disk(self):
        with open(self.data() / "filler", "wb", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                # Smaller and smaller, to the last page.
                filler.write(bytes(4096))

    def free_disk(self):
        (self.data() / "filler").unlink()

    def kill(self, process):
        process.kill()
        self.processes.remove(process)

    def stop(self, process):
        process.stop()
        self.processes.remove(process)

    def workers(self):
        return [p for p in self.processes if p.role == "process"]

    def server(self):
        return next(p for p in self.processes if p.role in ("serve", "all"))

    def end(self):
        for process in self.processes:
            process.kill()
        if self.small_disk:
            subprocess.run(["umount", str(self.data())])
        if not os.environ.get("KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, path, body=None, patience=300):
        """The answer of the server there is; tries again while none answers, as a client does that wants its posts taken."""
        end = time.time() + patience
        while True:
            try:
                return self.server().ask(path, body)
            except urllib.error.HTTPError as error:
                if error.code != 503 or time.time() > end:
                    raise RuntimeError(f"{path}: {error.code} {error.read()[:300]}")
            except (OSError, http.client.HTTPException, StopIteration):
                if time.time() > end:
                    raise
            time.sleep(0.25)

    def monitor(self, name, query):
        made = self.ask("/api/v1/projects/default/monitors", {"name": name, "query": query})
        return made["id"]

    def push(self, batch):
        """Pushes a batch; what has no time yet is of now."""
        answer = self.ask("/api/v1/posts", dated(batch))
        # Who was erased is refused from then on.
        other = [post for post in answer["refused"] if post["reason"] != "suppressed"]
        if other:
            raise RuntimeError(f"refused: {other[:2]}")

    def lag(self):
        """How many posts wait for the workers, and of how many partitions."""
        return tuple(map(sum, zip(*(worker.lag() for worker in self.workers()))))

    def total(self, monitor):
        return self.ask(f"/api/v1/mentions?from=0&limit=1&monitor={monitor}")["total"]

    def stored(self, monitors):
        """How often each text is stored, by monitor."""
        found = {}
        for place, monitor in enumerate(monitors):
            cursor = ""
            while cursor is not None:
                page = self.ask(f"/api/v1/mentions?from=0&limit=500&monitor={monitor}{cursor}")
                for mention in page["items"]:
                    key = (place, mention["post"]["text"])
                    found[key] = found.get(key, 0) + 1
                cursor = f"&cursor={page['next']}" if page.get("next") else None
        return found


def posts(count, every=2, start=0):
    """Made-up posts: every second is about acme, every third about the river, each seventh is edited and each eleventh
    deleted some batches later."""
    out = []
    # Alerts are about what is new.
    for n in range(start, start + count):
        about = {(True, True): "acme by the river", (True, False): "acme", (False, True): "the river"}
        text = about.get((n % every == 0, n % 3 == 0), "nothing that anybody looks for")
        at = BEGUN - 60 - (start + count - n) // RATE
        out.append({"uid": f"test:{n}", "platform": "test", "text": f"{text} number n{n}", "author": {"id": f"a{n % 997}", "handle": f"person{n % 997}.example"},
                    "created_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))})
    return out


#: What alerts look for: a post with each of these words is new when it is pushed, at this share of all.
HERALDS = [("firstherald", 0.1), ("secondherald", 0.5), ("thirdherald", 0.9)]


def dated(batch):
    """The same; what has no time yet is of now."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return [post if post.get("created_at", now) else {**post, "created_at": now} for post in batch]


def shelf(file):
    """The configuration of a source that reads the file."""
    return f'[[source]]\nname = "shelf"\ntype = "file"\npaths = ["{file}"]\nspeed = "max"\n'


def batches(count, size=200):
    """The posts in batches, with what is said of them later in its place, and with the heralds."""
    plain = posts(count)
    out = [plain[i:i + size] for i in range(0, count, size)]
    for n in range(count):
        at = n // size
        if n % 7 == 3:
            edit = {"uid": f"test:{n}", "platform": "test", "event": "edit", "text": f"the river again, number n{n}"}
            out[min(at + 2, len(out) - 1)].append(edit)
        if n % 11 == 5:
            out[min(at + 3, len(out) - 1)].append({"uid": f"test:{n}", "platform": "test", "event": "delete"})
    for n, (word, share) in enumerate(HERALDS):
        herald = {"uid": f"test:{word}", "platform": "test", "text": f"acme and the {word} number n{count + n}",
                  "author": {"id": "herald", "handle": "herald.example"}, "created_at": None}
        out[round((len(out) - 1) * share)].append(herald)
    return out


class Hook:
    """A webhook's receiver: the ids of what came."""

    def __init__(self):
        ids = self.ids = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["content-length"]))
                ids.append(self.headers["webhook-id"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def kafka(*args, **more):
    return told(KAFKA, *args, **more)


def nodes(*args, **more):
    """What scripts/cluster/opensearch-nodes.sh says."""
    return told(NODES, *args, **more)


def told(*command, **more):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **more}).stdout.strip()
