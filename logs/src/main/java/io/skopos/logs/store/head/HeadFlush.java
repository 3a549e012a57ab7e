// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.head;

import io.skopos.logs.store.part.LogPartWriter;
import io.skopos.model.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Writes frozen heads of one tenant's day as one part. */
public final class HeadFlush {

  private final List<DayHead> heads;

  @SuppressWarnings("ArrayRecordComponent")
  private record Source(Labels labels, DayHead head, int stream, DayHead.Hidden[] hidden) {}

  public HeadFlush(List<DayHead> heads) {
    this.heads = heads;
  }

  /** Adds all streams that have rows. */
  public void writeTo(LogPartWriter writer) throws IOException {
    List<Source> sources = new ArrayList<>();
    for (DayHead head : heads) {
      DayHead.Hidden[] hidden = head.hidden(List.of());
      for (int stream = 0; stream < head.streamCount(); stream++) {
        sources.add(new Source(head.labels(stream), head, stream, hidden));
      }
    }
    sources.sort(Comparator.comparing(Source::labels));
    HeadRun run = new HeadRun();
    int at = 0;
    while (at < sources.size()) {
      Labels labels = sources.get(at).labels();
      run.begin(labels, 0);
      for (; at < sources.size() && sources.get(at).labels().equals(labels); at++) {
        Source source = sources.get(at);
        source
            .head()
            .read(
                source.stream(),
                Long.MAX_VALUE,
                source.hidden(),
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                run);
      }
      run.finish();
      if (run.size() > 0) {
        writer.run(writer.stream(labels), run);
      }
    }
  }

  public long minPosition() {
    return heads.stream().mapToLong(DayHead::minPosition).min().orElse(-1);
  }

  public long maxPosition() {
    return heads.stream().mapToLong(DayHead::maxPosition).max().orElse(-1);
  }
}
