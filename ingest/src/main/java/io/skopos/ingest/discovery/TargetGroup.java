// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery;

import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Addresses with the labels they share, from {@code static_configs} or a file. */
public record TargetGroup(List<String> targets, Labels labels) {

  public TargetGroup {
    targets = List.copyOf(targets);
  }

  public static TargetGroup parse(YamlMapping yaml) throws ConfigException {
    List<String> targets = yaml.texts("targets");
    Labels labels = labels(yaml.child("labels"));
    yaml.done();
    for (String target : targets) {
      if (target.isEmpty() || target.indexOf('/') >= 0) {
        throw yaml.error(
            "'" + target + "' is not an address; write host:port, and the path as metrics_path");
      }
    }
    return new TargetGroup(targets, labels);
  }

  /** Label names and values, as a mapping has them. */
  public static Labels labels(@Nullable YamlMapping yaml) throws ConfigException {
    if (yaml == null) {
      return Labels.EMPTY;
    }
    LabelsBuilder labels = new LabelsBuilder();
    for (Map.Entry<String, YamlValue> label : yaml.all().entrySet()) {
      if (label.getKey().isEmpty()) {
        throw label.getValue().error("a label's name is empty");
      }
      labels.set(label.getKey(), label.getValue().text());
    }
    return labels.build();
  }
}
