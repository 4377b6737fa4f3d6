package bench;

import java.io.IOException;
import java.util.BitSet;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.index.Term;
import org.apache.lucene.monitor.CustomQueryHandler;
import org.apache.lucene.monitor.QueryTree;
import org.apache.lucene.monitor.TermWeightor;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;

/**
 * Lets the presearcher filter by prefixes: of every word of a document the begins of the lengths that queries ask for
 * are looked up, too. The stock {@link org.apache.lucene.monitor.RegexpQueryHandler} makes every infix of every word
 * instead.
 */
final class PrefixHandler implements CustomQueryHandler {
  /** Marks the begin of a word among words. */
  static final char MARK = '\u0003';

  private final BitSet lengths = new BitSet();

  @Override
  public QueryTree handleQuery(Query query, TermWeightor weightor) {
    if (!(query instanceof PrefixQuery prefix)) {
      return null;
    }
    String text = prefix.getPrefix().text();
    lengths.set(text.length());
    var term = new Term(prefix.getField(), text + MARK);
    return QueryTree.term(term, weightor.applyAsDouble(term));
  }

  @Override
  public TokenStream wrapTermStream(String field, TokenStream terms) {
    return field.equals(Posts.TEXT) ? new Begins(terms) : terms;
  }

  private final class Begins extends TokenFilter {
    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
    private char[] word = new char[64];
    private int length;
    private int next = -1;

    Begins(TokenStream input) {
      super(input);
    }

    @Override
    public boolean incrementToken() throws IOException {
      if (next >= 0 && next <= length) {
        clearAttributes();
        term.copyBuffer(word, 0, next);
        term.append(MARK);
        next = lengths.nextSetBit(next + 1);
        return true;
      }
      if (!input.incrementToken()) {
        return false;
      }
      length = term.length();
      boolean isWord = length > 0 && term.charAt(0) > MARK && !term.toString().endsWith("XX");
      next = isWord ? lengths.nextSetBit(1) : -1;
      if (next >= 0 && next <= length) {
        if (word.length < length) {
          word = new char[length];
        }
        System.arraycopy(term.buffer(), 0, word, 0, length);
      }
      return true;
    }
  }
}
