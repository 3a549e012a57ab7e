// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import io.skopos.ingest.intake.IntakeLimits;
import io.skopos.ingest.intake.ha.HaSettings;
import io.skopos.logs.LogsConfig;
import io.skopos.metrics.api.QueryConfig;
import io.skopos.model.config.ByteSize;
import io.skopos.model.config.Setting;
import io.skopos.storage.StorageConfig;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The reference page of all settings, made from the config records. */
public final class ConfigReference {

  private ConfigReference() {}

  /** All dotted keys that hold a value. */
  static Set<String> keys(Class<? extends Record> type) {
    Set<String> keys = new TreeSet<>();
    collect(type, "", keys);
    return keys;
  }

  /** A Markdown table per section. */
  public static String markdown() {
    StringBuilder page = new StringBuilder();
    for (RecordComponent section : SkoposConfig.class.getRecordComponents()) {
      String key = RecordBinder.keyOf(section);
      page.append("\n## `").append(key).append("`\n\n").append(doc(section)).append("\n\n");
      page.append("| key | type | default | meaning |\n| --- | --- | --- | --- |\n");
      rows(section.getType().asSubclass(Record.class), key, page);
    }
    overrides(page);
    return page.toString();
  }

  private static void overrides(StringBuilder page) {
    page.append("\n## `overrides`\n\n")
        .append(
            "Tenants' own values, below the tenant's name; what is not given is as for all. They"
                + " hold at once after a reload. `overrides_file: FILE` names a file with the same,"
                + " which is read again when it changes.\n\n")
        .append("| key | is, for one tenant |\n| --- | --- |\n");
    overridden(IntakeLimits.class, "intake", "intake", page);
    overridden(QueryConfig.class, "query", "query", page);
    overridden(LogsConfig.class, "logs", "logs", page);
    overridden(StorageConfig.Retention.class, "retention", "storage.retention", page);
    overridden(HaSettings.class, "ha", "ha", page);
  }

  private static void overridden(
      Class<? extends Record> type, String section, String common, StringBuilder page) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getAnnotation(Setting.class).perTenant()) {
        String key = RecordBinder.keyOf(component);
        if (RecordBinder.isSection(component)) {
          overridden(
              component.getType().asSubclass(Record.class),
              section + "." + key,
              common + "." + key,
              page);
          continue;
        }
        page.append("| `overrides.TENANT.").append(section).append('.').append(key);
        page.append("` | `").append(common).append('.').append(key).append("` |\n");
      }
    }
  }

  private static void rows(Class<? extends Record> type, String path, StringBuilder page) {
    for (RecordComponent component : type.getRecordComponents()) {
      String key = RecordBinder.join(path, RecordBinder.keyOf(component));
      if (RecordBinder.isSection(component)) {
        rows(component.getType().asSubclass(Record.class), key, page);
        continue;
      }
      if (isListOfSections(component)) {
        page.append("| `").append(key).append("` | list of sections |  | ");
        page.append(doc(component).replace("|", "\\|")).append(" |\n");
        rows(RecordBinder.elementType(component).asSubclass(Record.class), key + "[]", page);
        continue;
      }
      String defaultValue = component.getAnnotation(Setting.class).defaultValue();
      page.append("| `").append(key).append("` | ").append(typeOf(component)).append(" | ");
      page.append(defaultValue.isEmpty() ? "" : "`" + defaultValue + "`");
      page.append(" | ").append(doc(component).replace("|", "\\|")).append(" |\n");
    }
  }

  private static void collect(Class<? extends Record> type, String path, Set<String> keys) {
    for (RecordComponent component : type.getRecordComponents()) {
      String key = RecordBinder.join(path, RecordBinder.keyOf(component));
      if (RecordBinder.isSection(component)) {
        collect(component.getType().asSubclass(Record.class), key, keys);
      } else {
        keys.add(key);
      }
    }
  }

  private static boolean isListOfSections(RecordComponent component) {
    return component.getType() == List.class && RecordBinder.elementType(component).isRecord();
  }

  private static String doc(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    if (setting == null) {
      throw new IllegalStateException(component + " carries no @Setting");
    }
    return setting.doc();
  }

  private static String typeOf(RecordComponent component) {
    Class<?> type = component.getType();
    if (type == List.class) {
      return "list of " + typeName(RecordBinder.elementType(component));
    }
    return typeName(type);
  }

  private static String typeName(Class<?> type) {
    if (type.isEnum()) {
      return String.join(
          ", ",
          Arrays.stream(type.getEnumConstants())
              .map(constant -> "`" + constant.toString().toLowerCase(Locale.ROOT) + "`")
              .toList());
    }
    if (type == Duration.class) {
      return "duration";
    }
    if (type == ByteSize.class) {
      return "size";
    }
    return type == String.class ? "text" : type.getSimpleName();
  }
}
