package bench;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.util.BytesRef;

/** Tokens that are there already, as bytes; the stream can be read again and again. */
final class ReadyTokens extends TokenStream {
  private final int[] steps;
  private final BytesRef[] terms;
  private final BytesTermAttribute term = addAttribute(BytesTermAttribute.class);
  private final PositionIncrementAttribute step = addAttribute(PositionIncrementAttribute.class);
  private int next;

  ReadyTokens(int[] steps, BytesRef[] terms) {
    this.steps = steps;
    this.terms = terms;
  }

  @Override
  public boolean incrementToken() {
    if (next == terms.length) {
      return false;
    }
    step.setPositionIncrement(steps[next]);
    term.setBytesRef(terms[next++]);
    return true;
  }

  @Override
  public void reset() {
    next = 0;
  }
}
