// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.web.wire.LabelBuffer;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What a resource and its scopes give to the labels of their series, and target_info. */
final class ResourceLabels {

  private static final int RESOURCE_ATTRIBUTES = 1 << 3 | ProtobufReader.LENGTH;
  private static final int SCOPE_NAME = 1 << 3 | ProtobufReader.LENGTH;
  private static final int SCOPE_VERSION = 2 << 3 | ProtobufReader.LENGTH;
  private static final int SCOPE_ATTRIBUTES = 3 << 3 | ProtobufReader.LENGTH;

  private static final byte[] NO_PREFIX = {};
  private static final byte[] SCOPE_PREFIX = ascii("otel_scope_");
  private static final byte[] JOB = ascii("job");
  private static final byte[] INSTANCE = ascii("instance");
  private static final byte[] SERVICE_NAME = ascii("service.name");
  private static final byte[] SERVICE_NAMESPACE = ascii("service.namespace");
  private static final byte[] SERVICE_INSTANCE = ascii("service.instance.id");
  private static final byte[] SLASH = ascii("/");

  private final ProtobufReader in;
  private final Attributes attributes;
  private final OtlpSettings settings;
  private final List<byte[]> promoted;
  private final List<byte[]> ignored;
  private final Ranges entries = new Ranges();
  private int scopeFrom;
  private int scopeTo;
  private int versionFrom;
  private int versionTo;

  ResourceLabels(ProtobufReader in, Attributes attributes, OtlpSettings settings) {
    this.in = in;
    this.attributes = attributes;
    this.settings = settings;
    this.promoted = keys(settings.promoteResourceAttributes());
    this.ignored = keys(settings.ignoreResourceAttributes());
  }

  private static List<byte[]> keys(List<String> names) {
    return names.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toList();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Finds the attributes of the Resource at the given place. */
  void read(int from, int to) throws MalformedMessage {
    entries.clear();
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "Resource");
      if (tag == RESOURCE_ATTRIBUTES) {
        int end = in.enter(to, "a resource's attribute");
        entries.add(in.at, end);
        in.at = end;
      } else {
        in.skip(tag, to, "Resource");
      }
    }
  }

  /** Adds job, instance and promoted attributes of the resource read last. */
  void addTo(LabelBuffer labels) throws MalformedMessage {
    if (settings.promoteAllResourceAttributes() || !promoted.isEmpty()) {
      for (int i = 0; i < entries.size(); i++) {
        attributes.read(entries.from(i), entries.to(i));
        boolean wanted =
            settings.promoteAllResourceAttributes() ? !isOneOf(ignored) : isOneOf(promoted);
        if (wanted) {
          attributes.addTo(labels, PointSink.PROMOTED, NO_PREFIX);
        }
      }
    }
    addIdentity(labels);
  }

  private void addIdentity(LabelBuffer labels) throws MalformedMessage {
    if (find(SERVICE_NAME)) {
      labels.begin(PointSink.TARGET);
      labels.append(JOB);
      labels.value();
      if (find(SERVICE_NAMESPACE)) {
        int before = labels.appended();
        attributes.appendValue(labels);
        if (labels.appended() > before) {
          labels.append(SLASH);
        }
      }
      find(SERVICE_NAME);
      attributes.appendValue(labels);
      labels.end();
    }
    if (find(SERVICE_INSTANCE)) {
      labels.begin(PointSink.TARGET);
      labels.append(INSTANCE);
      labels.value();
      attributes.appendValue(labels);
      labels.end();
    }
  }

  /**
   * Replaces the labels by those of target_info, without its name.
   *
   * @return false when there is nothing to tell or nothing to tell it of
   */
  boolean targetInfo(LabelBuffer labels) throws MalformedMessage {
    labels.clear();
    addIdentity(labels);
    int identity = labels.count();
    if (identity == 0) {
      return false;
    }
    for (int i = 0; i < entries.size(); i++) {
      attributes.read(entries.from(i), entries.to(i));
      boolean identifying =
          isKey(SERVICE_NAME) || isKey(SERVICE_NAMESPACE) || isKey(SERVICE_INSTANCE);
      if (!identifying || settings.keepIdentifyingResourceAttributes()) {
        attributes.addTo(labels, LabelBuffer.JOINED, NO_PREFIX);
      }
    }
    return labels.count() > identity;
  }

  /** Adds otel_scope_* labels when they are wanted; an empty range is no scope. */
  void addScope(LabelBuffer labels, int from, int to, int schemaFrom, int schemaTo)
      throws MalformedMessage {
    if (!settings.promoteScopeMetadata()) {
      return;
    }
    long mark = labels.mark();
    scopeFrom = to;
    scopeTo = to;
    versionFrom = to;
    versionTo = to;
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "InstrumentationScope");
      switch (tag) {
        case SCOPE_NAME -> {
          scopeTo = in.enter(to, "a scope's name");
          scopeFrom = in.at;
          in.at = scopeTo;
        }
        case SCOPE_VERSION -> {
          versionTo = in.enter(to, "a scope's version");
          versionFrom = in.at;
          in.at = versionTo;
        }
        case SCOPE_ATTRIBUTES -> {
          int end = in.enter(to, "a scope's attribute");
          attributes.read(in.at, end);
          attributes.addTo(labels, PointSink.SCOPE, SCOPE_PREFIX);
          in.at = end;
        }
        default -> in.skip(tag, to, "InstrumentationScope");
      }
    }
    if (scopeFrom == scopeTo) {
      labels.rewind(mark);
      return;
    }
    scopeLabel(labels, "otel_scope_name", scopeFrom, scopeTo);
    scopeLabel(labels, "otel_scope_version", versionFrom, versionTo);
    scopeLabel(labels, "otel_scope_schema_url", schemaFrom, schemaTo);
  }

  private void scopeLabel(LabelBuffer labels, String name, int from, int to) {
    labels.begin(PointSink.SCOPE);
    labels.append(ascii(name));
    labels.value();
    labels.append(in.bytes, from, to - from);
    labels.end();
  }

  private boolean find(byte[] key) throws MalformedMessage {
    for (int i = 0; i < entries.size(); i++) {
      attributes.read(entries.from(i), entries.to(i));
      if (isKey(key)) {
        return true;
      }
    }
    return false;
  }

  private boolean isKey(byte[] key) {
    return Arrays.equals(in.bytes, attributes.keyFrom, attributes.keyTo, key, 0, key.length);
  }

  private boolean isOneOf(List<byte[]> keys) {
    for (byte[] key : keys) {
      if (isKey(key)) {
        return true;
      }
    }
    return false;
  }
}
