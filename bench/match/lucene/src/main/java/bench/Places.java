package bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.index.Term;
import org.apache.lucene.queries.spans.SpanMultiTermQueryWrapper;
import org.apache.lucene.queries.spans.SpanNearQuery;
import org.apache.lucene.queries.spans.SpanOrQuery;
import org.apache.lucene.queries.spans.SpanQuery;
import org.apache.lucene.queries.spans.SpanTermQuery;

/**
 * Phrases with patterns, NEAR and ~ as span queries that mean exactly the same.
 *
 * <p>Ordered spans are found exactly only where all spans of a clause have one length (after a long one, a shorter one
 * inside it is not tried), so operands are grouped by length. Unordered spans may overlap, which ours never do: they
 * stand only for single words of which no two can be the same token, and any other order is written out.
 */
final class Places {
  private final Queries queries;

  Places(Queries queries) {
    this.queries = queries;
  }

  SpanQuery phrase(JsonArray words) {
    if (words.size() == 1) {
      return word(words.get(0).getAsJsonObject());
    }
    var clauses = new ArrayList<SpanQuery>();
    words.forEach(w -> clauses.add(word(w.getAsJsonObject())));
    return ordered(clauses, 0);
  }

  private SpanQuery word(JsonObject word) {
    String kind = word.keySet().iterator().next();
    String text = word.get(kind).getAsString();
    return kind.equals("term")
        ? new SpanTermQuery(new Term(Posts.TEXT, text))
        : new SpanMultiTermQueryWrapper<>(queries.pattern(kind, text));
  }

  /** `n`: from the last word of one to the first of the other; neighbours are 1 apart, a slop of 0. */
  SpanQuery near(JsonObject near) {
    int slop = near.get("n").getAsInt() - 1;
    boolean inOrder = near.get("ordered").getAsBoolean();
    var left = byLength(near.getAsJsonArray("a"));
    var right = byLength(near.getAsJsonArray("b"));
    var ways = new ArrayList<SpanQuery>();
    for (var a : left.entrySet()) {
      for (var b : right.entrySet()) {
        boolean words = a.getKey() == 1 && b.getKey() == 1;
        var both = List.of(a.getValue(), b.getValue());
        if (inOrder) {
          ways.add(ordered(both, slop));
        } else if (words && near.get("apart").getAsBoolean()) {
          ways.add(unordered(both, slop));
        } else {
          ways.add(ordered(both, slop));
          ways.add(ordered(List.of(b.getValue(), a.getValue()), slop));
        }
      }
    }
    return any(ways);
  }

  /** `n`: from the first word of the first part to the last word of the last. */
  SpanQuery together(JsonObject together) {
    var parts = new ArrayList<SpanQuery>();
    int length = 0;
    for (var part : together.getAsJsonArray("parts")) {
      parts.add(phrase(part.getAsJsonArray()));
      length += part.getAsJsonArray().size();
    }
    int slop = together.get("n").getAsInt() + 1 - length;
    if (length == parts.size() && together.get("apart").getAsBoolean()) {
      return unordered(parts, slop);
    }
    var ways = new ArrayList<SpanQuery>();
    permute(parts, 0, slop, ways);
    return any(ways);
  }

  private static void permute(List<SpanQuery> parts, int from, int slop, List<SpanQuery> out) {
    if (from == parts.size()) {
      out.add(ordered(new ArrayList<>(parts), slop));
      return;
    }
    for (int i = from; i < parts.size(); i++) {
      java.util.Collections.swap(parts, from, i);
      permute(parts, from + 1, slop, out);
      java.util.Collections.swap(parts, from, i);
    }
  }

  private Map<Integer, SpanQuery> byLength(JsonArray operands) {
    var groups = new TreeMap<Integer, List<SpanQuery>>();
    for (JsonElement o : operands) {
      var words = o.getAsJsonArray();
      groups.computeIfAbsent(words.size(), n -> new ArrayList<>()).add(phrase(words));
    }
    var out = new TreeMap<Integer, SpanQuery>();
    groups.forEach((length, group) -> out.put(length, any(group)));
    return out;
  }

  private static SpanQuery any(List<SpanQuery> queries) {
    return queries.size() == 1 ? queries.get(0) : new SpanOrQuery(queries.toArray(SpanQuery[]::new));
  }

  private static SpanQuery ordered(List<SpanQuery> clauses, int slop) {
    return new SpanNearQuery(clauses.toArray(SpanQuery[]::new), slop, true);
  }

  private static SpanQuery unordered(List<SpanQuery> clauses, int slop) {
    return new SpanNearQuery(clauses.toArray(SpanQuery[]::new), slop, false);
  }
}
