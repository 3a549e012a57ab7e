// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.host;

import com.google.re2j.Pattern;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** Counters of the network protocols, the sockets in use, and the packets each CPU has handled. */
final class NetstatCollector implements HostCollector {

  private static final Pattern WANTED =
      Pattern.compile(
          ".*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)"
              + "|Icmp6?_(InMsgs|OutMsgs)"
              + "|TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts|TCPOFOQueue|TCPRcvQDrop)"
              + "|Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)"
              + "|Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors)");

  private static final Pattern SIX = Pattern.compile("(Ip6|Icmp6|Udp6|UdpLite6)(.*)");

  private static final int PAGE_BYTES = 4096;

  private final KernelFiles files;

  NetstatCollector(KernelFiles files) {
    this.files = files;
  }

  @Override
  public String name() {
    return "netstat";
  }

  @Override
  public void collect(HostSamples out) throws IOException {
    pairsOfLines(out, files.procLines("net/netstat"));
    pairsOfLines(out, files.procLines("net/snmp"));
    if (Files.isReadable(files.proc().resolve("net/snmp6"))) {
      for (String line : files.procLines("net/snmp6")) {
        String[] fields = KernelFiles.fields(line);
        var matcher = SIX.matcher(fields[0]);
        if (matcher.matches()) {
          statistic(out, matcher.group(1), matcher.group(2), fields[1]);
        }
      }
      sockets(out, files.procLines("net/sockstat6"));
    }
    sockets(out, files.procLines("net/sockstat"));
    softnet(out);
  }

  /** A line of names, then a line of values, both after the protocol. */
  private static void pairsOfLines(HostSamples out, List<String> lines) {
    for (int i = 0; i + 1 < lines.size(); i += 2) {
      String[] names = KernelFiles.fields(lines.get(i));
      String[] values = KernelFiles.fields(lines.get(i + 1));
      String protocol = names[0].replace(":", "");
      for (int j = 1; j < names.length && j < values.length; j++) {
        statistic(out, protocol, names[j], values[j]);
      }
    }
  }

  private static void statistic(HostSamples out, String protocol, String name, String value) {
    String key = protocol + "_" + name;
    if (WANTED.matches(key)) {
      out.untyped(
          "node_netstat_" + key, "Statistic " + protocol + name + ".", Double.parseDouble(value));
    }
  }

  private static void sockets(HostSamples out, List<String> lines) {
    for (String line : lines) {
      String[] fields = KernelFiles.fields(line);
      String protocol = fields[0].replace(":", "");
      for (int i = 1; i + 1 < fields.length; i += 2) {
        double value = Double.parseDouble(fields[i + 1]);
        if (protocol.equals("sockets")) {
          out.gauge("node_sockstat_sockets_used", "Number of IPv4 sockets in use.", value);
          continue;
        }
        sockets(out, protocol, fields[i], value);
        if (fields[i].equals("mem")) {
          sockets(out, protocol, "mem_bytes", value * PAGE_BYTES);
        }
      }
    }
  }

  private static void sockets(HostSamples out, String protocol, String state, double value) {
    out.gauge(
        "node_sockstat_" + protocol + "_" + state,
        "Number of " + protocol + " sockets in state " + state + ".",
        value);
  }

  /** One line of hexadecimal numbers for each CPU. */
  private void softnet(HostSamples out) throws IOException {
    int cpu = 0;
    for (String line : files.procLines("net/softnet_stat")) {
      String[] fields = KernelFiles.fields(line);
      String number = Integer.toString(cpu++);
      out.counter(
          "node_softnet_processed_total",
          "Number of processed packets",
          hex(fields[0]),
          "cpu",
          number);
      out.counter(
          "node_softnet_dropped_total", "Number of dropped packets", hex(fields[1]), "cpu", number);
      out.counter(
          "node_softnet_times_squeezed_total",
          "Number of times processing packets ran out of quota",
          hex(fields[2]),
          "cpu",
          number);
    }
  }

  private static double hex(String field) {
    return Long.parseLong(field, 16);
  }
}
