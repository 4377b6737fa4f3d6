package bench;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.monitor.Monitor;
import org.apache.lucene.monitor.MonitorQuery;
import org.apache.lucene.monitor.QueryMatch;
import org.apache.lucene.search.IndexSearcher;

/**
 * `FOLDER CONFIG WARM TIMED`: matches the posts against the queries of the folder once for the answers
 * (`answers-CONFIG.tsv`), then for WARM seconds that do not count and at most TIMED rounds that do, and prints a line of JSON.
 */
public final class Main {
  private static final int ADDITIONS = 15;
  /** Timed rounds there are at least, and seconds after which there are no more. */
  private static final int LEAST = 3;
  private static final double ENOUGH = 15;

  private final Path folder;
  private final Posts posts;
  private final Weights weights;
  private long candidates;

  private Main(Path folder) throws IOException {
    this.folder = folder;
    this.posts = Posts.read(folder.resolve("posts.bin"));
    this.weights = Weights.read(folder.resolve("df.tsv"));
  }

  public static void main(String[] args) throws IOException {
    IndexSearcher.setMaxClauseCount(Integer.MAX_VALUE);
    var main = new Main(Path.of(args[0]));
    var figures = main.run(new Config(args[1]), Double.parseDouble(args[2]), Integer.parseInt(args[3]));
    System.out.println(new Gson().toJson(figures));
  }

  private Map<String, Object> run(Config config, double warm, int timed) throws IOException {
    long heap = Clock.heap();
    var reader = new Queries(config.has("regexp"));
    var queries = reader.read(folder.resolve("queries.jsonl"));
    int count = queries.size();
    try (var monitor = config.monitor(weights, reader.hasPatterns)) {
      var start = Clock.now();
      monitor.register(queries);
      var build = Clock.now().since(start);
      var added = List.copyOf(queries.subList(0, Math.min(ADDITIONS, count)));
      queries = null;
      heap = Clock.heap() - heap;
      answers(monitor, config);
      var perThread = new ArrayList<Double>();
      var perProcess = new ArrayList<Double>();
      for (start = Clock.now(); Clock.now().since(start).thread() < warm; ) {
        round(monitor, config.batch(), null);
      }
      double spent = 0;
      for (int i = 0; i < timed && (i < LEAST || spent < ENOUGH); i++) {
        start = Clock.now();
        round(monitor, config.batch(), null);
        var took = Clock.now().since(start);
        spent += took.thread();
        perThread.add(posts.ids().length / took.thread());
        perProcess.add(posts.ids().length / took.process());
      }
      var out = new LinkedHashMap<String, Object>();
      out.put("config", config.name());
      out.put("thread", perThread);
      out.put("process", perProcess);
      out.put("candidates", (double) candidates / posts.ids().length);
      out.put("bytes", (double) heap / count);
      out.put("build", build.thread());
      out.put("build_process", build.process());
      out.put("add", additions(monitor, added));
      return out;
    }
  }

  /** Posts with the queries they match, each pair once. */
  private void answers(Monitor monitor, Config config) throws IOException {
    var lines = new ArrayList<String>();
    round(monitor, config.batch(), lines);
    Files.write(folder.resolve("answers-" + config.name() + ".tsv"), lines);
  }

  private void round(Monitor monitor, int batch, List<String> lines) throws IOException {
    candidates = 0;
    for (int from = 0; from < posts.documents().length; from += batch) {
      if (batch == 1) {
        var found = monitor.match(posts.documents()[from], QueryMatch.SIMPLE_MATCHER);
        check(found.getErrors());
        candidates += found.getQueriesRun();
        note(from, found.getMatches(), lines);
        continue;
      }
      int to = Math.min(from + batch, posts.documents().length);
      Document[] documents = Arrays.copyOfRange(posts.documents(), from, to);
      var found = monitor.match(documents, QueryMatch.SIMPLE_MATCHER);
      check(found.getErrors());
      // Queries are run on the whole batch at once.
      candidates += (long) found.getQueriesRun() * documents.length;
      for (int i = 0; i < documents.length; i++) {
        note(from + i, found.getMatches(i), lines);
      }
    }
  }

  private void note(int post, Iterable<QueryMatch> found, List<String> lines) {
    for (var match : found) {
      if (lines != null) {
        lines.add(posts.ids()[post] + "\t" + match.getQueryId());
      }
    }
  }

  private static void check(Map<String, Exception> errors) {
    errors.forEach(
        (query, error) -> {
          throw new IllegalStateException("query " + query, error);
        });
  }

  /** Seconds of this thread that one more query takes until it is matched. */
  private static double[] additions(Monitor monitor, List<MonitorQuery> queries) throws IOException {
    var out = new double[queries.size()];
    for (int i = 0; i < out.length; i++) {
      var again = new MonitorQuery("again-" + i, queries.get(i).getQuery());
      var start = Clock.now();
      monitor.register(again);
      out[i] = Clock.now().since(start).thread();
    }
    return out;
  }
}
