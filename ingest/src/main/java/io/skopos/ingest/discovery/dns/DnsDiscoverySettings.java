// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.dns;

import io.skopos.ingest.discovery.DiscoveredTargets;
import io.skopos.ingest.discovery.Discovery;
import io.skopos.ingest.discovery.DiscoveryContext;
import io.skopos.ingest.discovery.DiscoveryFailure;
import io.skopos.ingest.discovery.DiscoverySettings;
import io.skopos.ingest.discovery.PollingDiscovery;
import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlMapping;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One entry of {@code dns_sd_configs}.
 *
 * @param port of the targets; SRV records bring their own
 */
public record DnsDiscoverySettings(
    List<String> names, DnsRecordType type, int port, Duration refreshInterval)
    implements DiscoverySettings {

  private static final Path RESOLVER_CONFIG = Path.of("/etc/resolv.conf");

  public DnsDiscoverySettings {
    names = List.copyOf(names);
  }

  public static DnsDiscoverySettings parse(YamlMapping yaml, Path base, Notices notices)
      throws ConfigException {
    DnsDiscoverySettings settings =
        new DnsDiscoverySettings(
            yaml.texts("names"),
            yaml.read("type", DnsRecordType::parse, DnsRecordType.SRV),
            yaml.count("port", 0),
            yaml.duration("refresh_interval", Duration.ofSeconds(30)));
    if (settings.names.isEmpty()) {
      throw yaml.error("names no name; list them under 'names'");
    }
    if (settings.type != DnsRecordType.SRV && (settings.port == 0 || settings.port > 65_535)) {
      throw yaml.error("records of the type " + settings.type + " need a 'port' from 1 to 65535");
    }
    yaml.done();
    return settings;
  }

  @Override
  public String kind() {
    return "dns";
  }

  @Override
  public Discovery start(DiscoveryContext context, DiscoveredTargets targets) {
    return new PollingDiscovery(context, refreshInterval, this::find, targets, () -> {});
  }

  /** The file may change under a running server. */
  private List<TargetGroup> find() throws DiscoveryFailure, InterruptedException {
    try {
      return new DnsTargets(this, new DnsClient(ResolverConfig.read(RESOLVER_CONFIG))).find();
    } catch (IOException e) {
      throw new DiscoveryFailure("cannot read '" + RESOLVER_CONFIG + "': " + e.getMessage(), e);
    }
  }
}
