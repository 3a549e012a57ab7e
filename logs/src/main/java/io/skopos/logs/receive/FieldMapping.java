// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.receive;

import io.skopos.logs.wire.JsonEntry;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which fields are what, by parameters or headers of the request: {@code _time_field}, {@code
 * _msg_field}, {@code _stream_fields}, {@code ignore_fields}, {@code extra_fields}, or {@code
 * VL-Time-Field} and so on, as VictoriaLogs' users set them. Lists are separated by commas.
 */
final class FieldMapping {

  private FieldMapping() {}

  static JsonEntry.Mapping of(
      Request request, List<String> time, List<String> line, boolean grouped) {
    Map<String, String> extra = new TreeMap<>();
    for (String pair : list(request, "extra_fields", List.of())) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw HttpError.badData("extra_fields: '" + pair + "' is not like name=value");
      }
      extra.put(JsonEntry.labelName(pair.substring(0, equals)), pair.substring(equals + 1));
    }
    return new JsonEntry.Mapping(
        list(request, "_time_field", time),
        list(request, "_msg_field", line),
        list(request, "_stream_fields", List.of()),
        grouped,
        list(request, "ignore_fields", List.of()),
        extra);
  }

  private static List<String> list(Request request, String name, List<String> missing) {
    Parameters parameters = request.queryParameters();
    String given = parameters.get(name);
    if (given == null) {
      given = request.header("VL-" + header(name));
    }
    if (given == null || given.isBlank()) {
      return missing;
    }
    List<String> names = new ArrayList<>();
    for (String each : given.split(",", -1)) {
      if (!each.isBlank()) {
        names.add(each.strip());
      }
    }
    return names;
  }

  /** {@code _stream_fields} is {@code Stream-Fields}. */
  private static String header(String name) {
    return (name.startsWith("_") ? name.substring(1) : name)
        .replace('_', '-')
        .toLowerCase(Locale.ROOT);
  }
}
