// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape.config;

import io.skopos.ingest.discovery.DiscoverySettings;
import io.skopos.ingest.discovery.consul.ConsulDiscoverySettings;
import io.skopos.ingest.discovery.dns.DnsDiscoverySettings;
import io.skopos.ingest.discovery.docker.DockerDiscoverySettings;
import io.skopos.ingest.discovery.docker.SwarmDiscoverySettings;
import io.skopos.ingest.discovery.file.FileDiscoverySettings;
import io.skopos.ingest.discovery.kubernetes.KubernetesDiscoverySettings;
import io.skopos.ingest.discovery.web.HttpDiscoverySettings;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sections {@code *_sd_configs} of a scrape config. */
public final class DiscoveryKinds {

  private interface Parser {
    DiscoverySettings parse(YamlMapping yaml, Path base, Notices notices) throws ConfigException;
  }

  private static final Map<String, Parser> BUILT = new LinkedHashMap<>();

  static {
    BUILT.put("file_sd_configs", FileDiscoverySettings::parse);
    BUILT.put("http_sd_configs", HttpDiscoverySettings::parse);
    BUILT.put("dns_sd_configs", DnsDiscoverySettings::parse);
    BUILT.put("kubernetes_sd_configs", KubernetesDiscoverySettings::parse);
    BUILT.put("consul_sd_configs", ConsulDiscoverySettings::parse);
    BUILT.put("docker_sd_configs", DockerDiscoverySettings::parse);
    BUILT.put("dockerswarm_sd_configs", SwarmDiscoverySettings::parse);
  }

  private static final String[] OTHERS = {
    "aws_sd_configs",
    "azure_sd_configs",
    "digitalocean_sd_configs",
    "dockerswarm_sd_configs",
    "ec2_sd_configs",
    "eureka_sd_configs",
    "gce_sd_configs",
    "hetzner_sd_configs",
    "ionos_sd_configs",
    "kuma_sd_configs",
    "lightsail_sd_configs",
    "linode_sd_configs",
    "marathon_sd_configs",
    "nerve_sd_configs",
    "nomad_sd_configs",
    "openstack_sd_configs",
    "ovhcloud_sd_configs",
    "puppetdb_sd_configs",
    "scaleway_sd_configs",
    "serverset_sd_configs",
    "stackit_sd_configs",
    "triton_sd_configs",
    "uyuni_sd_configs",
    "vultr_sd_configs",
  };

  private DiscoveryKinds() {}

  public static List<DiscoverySettings> parse(YamlMapping yaml, Path base, Notices notices)
      throws ConfigException {
    yaml.notBuiltYet(notices, OTHERS);
    List<DiscoverySettings> all = new ArrayList<>();
    for (Map.Entry<String, Parser> kind : BUILT.entrySet()) {
      for (YamlValue entry : yaml.list(kind.getKey())) {
        all.add(kind.getValue().parse(entry.mapping(), base, notices));
      }
    }
    return all;
  }
}
