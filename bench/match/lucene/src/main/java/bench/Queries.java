package bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.lucene.monitor.MonitorQuery;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MultiTermQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RegexpQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.automaton.RegExp;

/** Lucene queries that mean what the lines of `queries.jsonl` say; `lower.rs` describes their form. */
final class Queries {
  /** Whether a word's begin is a regular expression, for the stock handler, or a prefix, for ours. */
  private final boolean prefixAsRegexp;

  private final Places places = new Places(this);

  /** Whether a query had a pattern other than a word's begin. */
  boolean hasPatterns;

  Queries(boolean prefixAsRegexp) {
    this.prefixAsRegexp = prefixAsRegexp;
  }

  List<MonitorQuery> read(Path file) throws IOException {
    var out = new ArrayList<MonitorQuery>();
    try (var lines = Files.newBufferedReader(file)) {
      for (String line; (line = lines.readLine()) != null; ) {
        var o = JsonParser.parseString(line).getAsJsonObject();
        out.add(new MonitorQuery(o.get("id").getAsString(), query(o.getAsJsonObject("q"))));
      }
    }
    return out;
  }

  private Query query(JsonObject node) {
    String kind = node.keySet().iterator().next();
    JsonElement body = node.get(kind);
    return switch (kind) {
      case "and" -> and(body.getAsJsonArray());
      case "or" -> or(body.getAsJsonArray());
      case "not" -> not(query(body.getAsJsonObject()));
      case "phrase" -> phrase(body.getAsJsonArray());
      case "near" -> places.near(body.getAsJsonObject());
      case "together" -> places.together(body.getAsJsonObject());
      case "field" -> field(body.getAsJsonObject());
      default -> word(kind, body.getAsString());
    };
  }

  private Query and(JsonArray children) {
    var out = new BooleanQuery.Builder();
    boolean positive = false;
    for (var child : children) {
      var node = child.getAsJsonObject();
      if (node.has("not")) {
        out.add(query(node.getAsJsonObject("not")), Occur.MUST_NOT);
      } else {
        out.add(query(node), Occur.MUST);
        positive = true;
      }
    }
    if (!positive) {
      out.add(new MatchAllDocsQuery(), Occur.MUST);
    }
    return out.build();
  }

  private Query or(JsonArray children) {
    var out = new BooleanQuery.Builder();
    children.forEach(c -> out.add(query(c.getAsJsonObject()), Occur.SHOULD));
    return out.build();
  }

  private static Query not(Query query) {
    return new BooleanQuery.Builder()
        .add(new MatchAllDocsQuery(), Occur.MUST)
        .add(query, Occur.MUST_NOT)
        .build();
  }

  private Query field(JsonObject field) {
    var out = new BooleanQuery.Builder();
    String name = field.get("name").getAsString();
    field
        .getAsJsonArray("values")
        .forEach(v -> out.add(new TermQuery(new Term(name, v.getAsString())), Occur.SHOULD));
    return out.build();
  }

  /** Words at following places; with patterns among them, spans are needed. */
  private Query phrase(JsonArray words) {
    var out = new PhraseQuery.Builder();
    for (var word : words) {
      var term = word.getAsJsonObject().get("term");
      if (term == null) {
        return places.phrase(words);
      }
      out.add(new Term(Posts.TEXT, term.getAsString()));
    }
    return out.build();
  }

  private Query word(String kind, String text) {
    return kind.equals("term") ? new TermQuery(new Term(Posts.TEXT, text)) : pattern(kind, text);
  }

  /** The words that begin so, or that fit a pattern of `*` and `?`. */
  MultiTermQuery pattern(String kind, String text) {
    if (kind.equals("starts")) {
      return prefixAsRegexp ? regexp(text + ".*") : new PrefixQuery(new Term(Posts.TEXT, text));
    }
    hasPatterns = true;
    return regexp(text.replace("*", ".*").replace("?", "."));
  }

  /** NONE: with the optional syntax, `#` is an operator and tags are lost. */
  private static RegexpQuery regexp(String pattern) {
    return new RegexpQuery(new Term(Posts.TEXT, pattern), RegExp.NONE);
  }
}
