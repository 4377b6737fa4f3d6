package bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.monitor.CustomQueryHandler;
import org.apache.lucene.monitor.Monitor;
import org.apache.lucene.monitor.MonitorConfiguration;
import org.apache.lucene.monitor.MultipassTermFilteredPresearcher;
import org.apache.lucene.monitor.QueryDecomposer;
import org.apache.lucene.monitor.RegexpQueryHandler;
import org.apache.lucene.monitor.TermFilteredPresearcher;
import org.apache.lucene.search.Query;

/**
 * One way to set Lucene Monitor up, named by its parts joined by `+`: how prefixes are filtered (`regexp`: by Lucene's
 * own handler, `begins`: by ours), and `whole` (disjunctions are not split), `multipass`, `batch`.
 */
record Config(String name) {
  private static final int PASSES = 3;
  private static final int BATCH = 100;

  boolean has(String part) {
    return List.of(name.split("\\+")).contains(part);
  }

  int batch() {
    return has("batch") ? BATCH : 1;
  }

  Monitor monitor(Weights weights, boolean hasPatterns) throws IOException {
    var handlers = new ArrayList<CustomQueryHandler>();
    if (has("regexp") || hasPatterns) {
      handlers.add(new RegexpQueryHandler());
    }
    if (!has("regexp")) {
      handlers.add(new PrefixHandler());
    }
    var presearcher =
        has("multipass")
            ? new MultipassTermFilteredPresearcher(PASSES, 0, weights, handlers, Set.of())
            : new TermFilteredPresearcher(weights, handlers, Set.of());
    var settings =
        new MonitorConfiguration() {
          @Override
          protected IndexWriterConfig getIndexWriterConfig() {
            return super.getIndexWriterConfig().setRAMBufferSizeMB(1024);
          }
        };
    // All in one commit, so that the query index is one segment.
    settings.setQueryUpdateBufferSize(Integer.MAX_VALUE);
    if (has("whole")) {
      settings.setQueryDecomposer(
          new QueryDecomposer() {
            @Override
            public Set<Query> decompose(Query query) {
              return Set.of(query);
            }
          });
    }
    return new Monitor(new KeywordAnalyzer(), presearcher, settings);
  }
}
