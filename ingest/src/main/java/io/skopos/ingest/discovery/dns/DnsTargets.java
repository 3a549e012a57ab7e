// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.dns;

import io.skopos.ingest.discovery.DiscoveryFailure;
import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.discovery.dns.DnsMessage.DnsRecord;
import io.skopos.model.LabelsBuilder;
import java.util.ArrayList;
import java.util.List;

/** The records of names as targets. */
final class DnsTargets {

  private final DnsDiscoverySettings settings;
  private final DnsClient client;

  DnsTargets(DnsDiscoverySettings settings, DnsClient client) {
    this.settings = settings;
    this.client = client;
  }

  List<TargetGroup> find() throws DiscoveryFailure, InterruptedException {
    List<TargetGroup> groups = new ArrayList<>();
    for (String name : settings.names()) {
      for (DnsRecord record : client.lookup(name, settings.type())) {
        groups.add(group(name, record));
      }
    }
    return groups;
  }

  private TargetGroup group(String name, DnsRecord record) {
    int port = settings.type() == DnsRecordType.SRV ? record.port() : settings.port();
    String host = record.host();
    String fullHost = host + ".";
    LabelsBuilder labels = new LabelsBuilder();
    labels.set("__meta_dns_name", name);
    switch (settings.type()) {
      case SRV -> {
        labels.set("__meta_dns_srv_record_target", fullHost);
        labels.set("__meta_dns_srv_record_port", Integer.toString(port));
      }
      case MX -> labels.set("__meta_dns_mx_record_target", fullHost);
      case NS -> labels.set("__meta_dns_ns_record_target", fullHost);
      case A, AAAA -> {}
    }
    String address = host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    return new TargetGroup(List.of(address), labels.build());
  }
}
