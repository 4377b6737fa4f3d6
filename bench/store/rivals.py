"""DuckDB on the rows of `bench-store --rows`: one JSON line per question with its time, one thread, median of seven.

It has no full-text index here: phrases and words are looked for by LIKE. Terms are split at spaces and not weighed, days
are those of UTC: both are less work than ours. Distinct counts are exact, as ours are.
"""
import json, os, statistics, sys, time

import duckdb

ROWS, WORDS = sys.argv[1], json.loads(sys.argv[2])
FILE = "target/bench-store/rival.duckdb"
HOUR, DAY, TIMES = 3_600_000, 86_400_000, 7
COLUMNS = {
    "id": "BIGINT", "created": "BIGINT", "monitor": "VARCHAR", "main": "UTINYINT", "source": "VARCHAR", "lang": "VARCHAR",
    "author": "BIGINT", "label": "TINYINT", "negative": "REAL", "tags": "VARCHAR", "text": "VARCHAR",
}


def top(value, many, where):
    """Counts by the most frequent values."""
    return f"SELECT {value} AS v, count(*) AS n FROM {many} WHERE {where} GROUP BY v ORDER BY n DESC LIMIT 20"


def questions():
    one = "monitor = 'monitor-0'"
    some = "monitor IN (" + ", ".join(f"'monitor-{m}'" for m in range(10)) + ")"
    hour, day = f"created // {HOUR} AS t", f"created // {DAY} AS t"
    feel = "count(*) FILTER (label = 0), count(*) FILTER (label = 1), count(*) FILTER (label = 2), sum(negative)"
    words = " AND ".join(f"contains(text, '{w}')" for w in WORDS["all"]) + f" AND NOT contains(text, '{WORDS['not']}')"
    tags = f"(SELECT unnest(string_split(tags, '|')) AS tag FROM m WHERE {one} AND tags <> '')"
    terms = f"(SELECT unnest(string_split(text, ' ')) AS term FROM m WHERE {one})"
    return {
        "monitor × hour": f"SELECT {hour}, count(*) FROM m WHERE {one} GROUP BY t",
        "small monitor × hour": f"SELECT {hour}, count(*) FROM m WHERE monitor = 'monitor-40' GROUP BY t",
        "10 monitors × hour × sentiment": f"SELECT monitor, {hour}, count(*), {feel} FROM m WHERE {some} GROUP BY monitor, t",
        "phrase × hour": f"SELECT {hour}, count(*) FROM m WHERE main = 1 AND contains(text, '{WORDS['phrase']}') GROUP BY t",
        "Boolean × hour": f"SELECT {hour}, count(*) FROM m WHERE main = 1 AND {words} GROUP BY t",
        "newest 50 of a monitor": f"SELECT * FROM m WHERE {one} ORDER BY created DESC, id DESC LIMIT 50",
        "top 20 hashtags of a monitor": top("tag", tags, "true"),
        "top 20 terms of a monitor": top("term", terms, "term NOT LIKE '#%'"),
        "top 20 authors of a monitor": top("author", "m", one),
        "people of a monitor": f"SELECT count(*), count(DISTINCT author) FROM m WHERE {one}",
        "project × day × sentiment": f"SELECT {day}, count(*), {feel} FROM m WHERE main = 1 GROUP BY t",
        "project × day × platform": f"SELECT {day}, source, count(*) FROM m WHERE main = 1 GROUP BY t, source",
        "project × monitor × language": "SELECT monitor, lang, count(*) FROM m GROUP BY monitor, lang",
        "project × hour of the week": f"SELECT (created // {HOUR}) % 168 AS t, count(*) FROM m WHERE main = 1 GROUP BY t",
        "people and texts of the project": "SELECT count(*), count(DISTINCT author), count(DISTINCT text) FROM m WHERE main = 1",
    }


def say(**line):
    print(json.dumps(line, ensure_ascii=False), flush=True)


def timed(work):
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return (time.process_time() - cpu) * 1e3, (time.perf_counter() - wall) * 1e3


def main():
    os.makedirs(os.path.dirname(FILE), exist_ok=True)
    if os.path.exists(FILE):
        os.remove(FILE)
    db = duckdb.connect(FILE)
    db.execute("SET threads = 1")
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    load = f"CREATE TABLE m AS SELECT * FROM read_csv('{ROWS}', header = false, quote = '', columns = {{{columns}}})"
    cpu, _ = timed(lambda: (db.execute(load), db.execute("CHECKPOINT")))
    rows = db.execute("SELECT count(*) FROM m").fetchone()[0]
    say(version=duckdb.__version__, rows=rows, rows_a_cpu_second=rows / (cpu / 1e3), bytes_a_row=os.path.getsize(FILE) / rows)
    for name, sql in questions().items():
        times = [timed(lambda: db.execute(sql).fetchall()) for _ in range(TIMES)]
        cpu, wall = (statistics.median(t[i] for t in times) for i in (0, 1))
        say(name=name, cpu=cpu, wall=wall)


main()
