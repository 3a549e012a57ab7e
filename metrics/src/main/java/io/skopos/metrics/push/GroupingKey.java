// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.push;

import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.web.HttpError;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Reads a group's labels from the path behind {@code /metrics/}: {@code job/batch/instance/a},
 * where a name with {@code @base64} behind it has its value in URL-safe base64.
 */
final class GroupingKey {

  private static final String BASE64 = "@base64";

  private GroupingKey() {}

  /**
   * @param rest as it was sent, without decoding
   */
  static Labels parse(String rest) {
    String[] segments = rest.split("/", -1);
    int count = segments.length;
    // One slash at the end is no empty value.
    if (count % 2 == 1 && segments[count - 1].isEmpty()) {
      count--;
    }
    if (count % 2 == 1) {
      throw HttpError.badData(
          "the path's label '" + decoded(segments[count - 1]) + "' has no value");
    }
    LabelsBuilder labels = new LabelsBuilder();
    for (int i = 0; i < count; i += 2) {
      String name = decoded(segments[i]);
      String value = decoded(segments[i + 1]);
      if (name.endsWith(BASE64)) {
        name = name.substring(0, name.length() - BASE64.length());
        value = base64(name, value);
      }
      if (name.isEmpty() || name.startsWith("__")) {
        throw HttpError.badData("the path's label name '" + name + "' is empty or reserved");
      }
      if (labels.get(name) != null) {
        throw HttpError.badData("the path has the label '" + name + "' twice");
      }
      if (i == 0 && value.isEmpty()) {
        throw HttpError.badData("job name is required, but the path's is empty");
      }
      labels.set(name, value);
    }
    return labels.build();
  }

  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw HttpError.badData("the path segment '" + segment + "' has a bad escape");
    }
  }

  private static String base64(String name, String value) {
    try {
      String padded = value.replaceAll("=+$", "");
      return new String(Base64.getUrlDecoder().decode(padded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw HttpError.badData(
          "the value of '" + name + "' is not URL-safe base64: '" + value + "'");
    }
  }
}
