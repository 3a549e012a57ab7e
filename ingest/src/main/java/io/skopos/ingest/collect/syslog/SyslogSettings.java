// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.syslog;

import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.model.Labels;
import io.skopos.web.tls.TlsConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code syslog} of a job.
 *
 * @param address host:port; an empty host means every interface, port 0 takes a free one
 * @param idleTimeout after which a connection that sends nothing is closed
 * @param maxMessageBytes longer messages are cut
 * @param incomingTimestamp whether a message's own time counts, not that of its arrival
 * @param wholeMessage whether the line is the message as it came, not its text
 * @param structuredData whether structured data becomes labels for relabelling
 * @param structuredMetadata whether structured data becomes structured metadata; our own key
 * @param rfc3164 whether messages that are of no version are in the older form
 */
public record SyslogSettings(
    String address,
    boolean udp,
    Duration idleTimeout,
    int maxMessageBytes,
    int maxConnections,
    boolean incomingTimestamp,
    boolean wholeMessage,
    boolean structuredData,
    boolean structuredMetadata,
    boolean rfc3164,
    Labels labels,
    TlsConfig tls) {

  private static final int LARGEST_MESSAGE = 16 << 20;

  public static SyslogSettings parse(YamlMapping yaml, Path base) throws ConfigException {
    String protocol = yaml.text("listen_protocol", "tcp");
    if (!protocol.equals("tcp") && !protocol.equals("udp")) {
      throw yaml.error("listen_protocol '" + protocol + "' is neither tcp nor udp");
    }
    String format = yaml.text("syslog_format", "rfc5424");
    if (!format.equals("rfc5424") && !format.equals("rfc3164")) {
      throw yaml.error("syslog_format '" + format + "' is neither rfc5424 nor rfc3164");
    }
    String address = yaml.requiredText("listen_address");
    int colon = address.lastIndexOf(':');
    if (colon < 0 || !address.substring(colon + 1).matches("\\d{1,5}")) {
      throw yaml.error("listen_address '" + address + "' is not of the form host:port");
    }
    TlsConfig tls = tls(yaml.child("tls_config"), base);
    if (protocol.equals("udp") && tls.enabled()) {
      throw yaml.error("tls_config is for TCP; UDP has no TLS");
    }
    SyslogSettings settings =
        new SyslogSettings(
            address,
            protocol.equals("udp"),
            yaml.duration("idle_timeout", Duration.ofSeconds(120)),
            yaml.count("max_message_length", 8192),
            yaml.count("max_connections", 256),
            yaml.flag("use_incoming_timestamp", false),
            yaml.flag("use_rfc5424_message", false),
            yaml.flag("label_structured_data", false),
            yaml.flag("structured_metadata", false),
            format.equals("rfc3164"),
            TargetGroup.labels(yaml.child("labels")),
            tls);
    if (settings.maxMessageBytes < 1 || settings.maxMessageBytes > LARGEST_MESSAGE) {
      throw yaml.error("max_message_length must be from 1 to " + LARGEST_MESSAGE);
    }
    if (settings.maxConnections < 1 || settings.idleTimeout.isZero()) {
      throw yaml.error("max_connections and idle_timeout must be above 0");
    }
    yaml.done();
    return settings;
  }

  private static TlsConfig tls(@Nullable YamlMapping yaml, Path base) throws ConfigException {
    if (yaml == null) {
      return TlsConfig.OFF;
    }
    TlsConfig tls;
    try {
      tls =
          new TlsConfig(
              file(yaml, "cert_file", base),
              file(yaml, "key_file", base),
              file(yaml, "ca_file", base),
              TlsConfig.ClientCertificates.REQUIRED);
    } catch (IllegalArgumentException e) {
      throw yaml.error(String.valueOf(e.getMessage()));
    }
    yaml.done();
    return tls;
  }

  private static String file(YamlMapping yaml, String key, Path base) throws ConfigException {
    String name = yaml.text(key, "");
    return name.isEmpty() ? "" : base.resolve(name).toString();
  }
}
