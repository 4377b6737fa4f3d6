package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.index.Term;
import org.apache.lucene.monitor.TermWeightor;

/** Rare terms weigh more: by the document frequencies that our own matcher is given, too. */
final class Weights implements TermWeightor {
  private final Map<String, Integer> frequencies = new HashMap<>();

  /** Reads `field TAB term TAB documents`. */
  static Weights read(Path file) throws IOException {
    var out = new Weights();
    try (var lines = Files.newBufferedReader(file)) {
      for (String line; (line = lines.readLine()) != null; ) {
        int end = line.lastIndexOf('\t');
        out.frequencies.put(line.substring(0, end), Integer.valueOf(line.substring(end + 1)));
      }
    }
    return out;
  }

  @Override
  public double applyAsDouble(Term term) {
    String text = term.text();
    if (text.endsWith("XX")) {
      text = text.substring(0, text.length() - 2) + PrefixHandler.MARK;
    }
    return 1.0 / (1 + frequencies.getOrDefault(term.field() + '\t' + text, 0));
  }
}
