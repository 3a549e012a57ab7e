// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import io.skopos.model.config.PrometheusDuration;
import io.skopos.model.config.Setting;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of config records as they are written in YAML. */
public final class SettingValues {

  private SettingValues() {}

  /** Those that a tenant may have its own of, by key. */
  public static Map<String, String> perTenant(Record record) {
    Map<String, String> values = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      if (setting != null && setting.perTenant()) {
        String key = RecordBinder.keyOf(component);
        Object value = RecordBinder.valueOf(component, record);
        if (RecordBinder.isSection(component)) {
          perTenant((Record) value).forEach((inner, text) -> values.put(key + "." + inner, text));
        } else {
          values.put(key, text(value));
        }
      }
    }
    return values;
  }

  private static String text(Object value) {
    return switch (value) {
      case Duration duration -> duration.isZero() ? "0s" : PrometheusDuration.format(duration);
      case List<?> list -> String.join(", ", list.stream().map(SettingValues::text).toList());
      case Record record when record.getClass().getPackageName().startsWith("io.skopos.storage") ->
          section(record);
      default -> value.toString();
    };
  }

  private static String section(Record record) {
    StringBuilder text = new StringBuilder("{");
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      text.append(text.length() > 1 ? ", " : "")
          .append(RecordBinder.keyOf(component))
          .append(": ")
          .append(text(RecordBinder.valueOf(component, record)));
    }
    return text.append('}').toString();
  }
}
