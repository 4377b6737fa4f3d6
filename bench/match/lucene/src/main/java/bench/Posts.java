package bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.util.BytesRef;

/** The posts as Lucene documents, tokens and all, made before anything is timed. */
record Posts(int[] ids, Document[] documents) {

  /** The field of the words. */
  static final String TEXT = "text";

  /** Reads what `tokens.rs` wrote: big-endian numbers; strings with their length in front. */
  static Posts read(Path file) throws IOException {
    try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
      int count = in.readInt();
      var posts = new Posts(new int[count], new Document[count]);
      for (int i = 0; i < count; i++) {
        posts.ids[i] = in.readInt();
        posts.documents[i] = document(in);
      }
      return posts;
    }
  }

  private static Document document(DataInputStream in) throws IOException {
    var document = new Document();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      var name = new String(bytes(in), StandardCharsets.UTF_8);
      var value = new String(bytes(in), StandardCharsets.UTF_8);
      document.add(new StringField(name, value, Field.Store.NO));
    }
    int count = in.readInt();
    var steps = new int[count];
    var terms = new BytesRef[count];
    for (int i = 0; i < count; i++) {
      steps[i] = in.readUnsignedShort();
      terms[i] = new BytesRef(bytes(in));
    }
    document.add(new TextField(TEXT, new ReadyTokens(steps, terms)));
    return document;
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    return in.readNBytes(in.readUnsignedShort());
  }
}
