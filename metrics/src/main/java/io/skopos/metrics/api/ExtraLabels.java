// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleBatch.ExemplarRow;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The parameters {@code extra_label=name=value}: labels that all series of a request get. */
public final class ExtraLabels {

  private ExtraLabels() {}

  public static List<Label> of(Parameters parameters) {
    List<Label> labels = new ArrayList<>();
    for (String text : parameters.all("extra_label")) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        throw HttpError.badData("extra_label '" + text + "' is not of the form name=value");
      }
      labels.add(new Label(text.substring(0, equals), text.substring(equals + 1)));
    }
    return labels;
  }

  /** The series' labels with these set over what the sender wrote. */
  static Labels over(Labels sent, List<Label> extra) {
    LabelsBuilder labels = new LabelsBuilder(sent);
    extra.forEach(label -> labels.set(label.name(), label.value()));
    return labels.build();
  }

  /** A batch of the same rows whose series have these labels, too. */
  static SampleBatch over(SampleBatch sent, List<Label> extra) {
    Map<Integer, List<ExemplarRow>> exemplars = new HashMap<>();
    for (ExemplarRow row : sent.exemplars()) {
      exemplars.computeIfAbsent(row.series(), _ -> new ArrayList<>()).add(row);
    }
    SampleBatch batch = new SampleBatch();
    for (int series = 0; series < sent.seriesCount(); series++) {
      batch.series(over(sent.labels(series), extra));
      for (int i = sent.sampleStart(series); i < sent.sampleEnd(series); i++) {
        NativeHistogram histogram = sent.histogramAt(i);
        if (histogram != null) {
          batch.histogram(sent.timeMs(i), histogram, sent.startMs(i));
        } else {
          batch.sample(sent.timeMs(i), sent.value(i), sent.startMs(i));
        }
      }
      exemplars.getOrDefault(series, List.of()).forEach(row -> batch.exemplar(row.exemplar()));
    }
    sent.metadata().forEach(row -> batch.metadata(row.timeMs(), row.metric(), row.metadata()));
    return batch;
  }
}
