// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@code /proc/net/dev}: what each network device has carried; and {@code /sys/class/net}. */
final class NetworkCollector implements HostCollector {

  private static final String[] COLUMNS = {
    "receive_bytes",
    "receive_packets",
    "receive_errs",
    "receive_drop",
    "receive_fifo",
    "receive_frame",
    "receive_compressed",
    "receive_multicast",
    "transmit_bytes",
    "transmit_packets",
    "transmit_errs",
    "transmit_drop",
    "transmit_fifo",
    "transmit_colls",
    "transmit_carrier",
    "transmit_compressed",
  };

  /** File under /sys/class/net/DEVICE, then name. */
  private static final String[][] PROPERTIES = {
    {"addr_assign_type", "address_assign_type"},
    {"carrier", "carrier"},
    {"dev_id", "device_id"},
    {"dormant", "dormant"},
    {"flags", "flags"},
    {"ifindex", "iface_id"},
    {"iflink", "iface_link"},
    {"link_mode", "iface_link_mode"},
    {"mtu", "mtu_bytes"},
    {"name_assign_type", "name_assign_type"},
    {"netdev_group", "net_dev_group"},
    {"tx_queue_len", "transmit_queue_length"},
    {"type", "protocol_type"},
  };

  private static final String[] COUNTED_PROPERTIES = {
    "carrier_changes", "carrier_up_changes", "carrier_down_changes"
  };

  private final KernelFiles files;

  NetworkCollector(KernelFiles files) {
    this.files = files;
  }

  @Override
  public String name() {
    return "netdev";
  }

  @Override
  public void collect(HostSamples out) throws IOException {
    for (String line : files.procLines("net/dev")) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        continue;
      }
      String device = line.substring(0, colon).strip();
      String[] fields = KernelFiles.fields(line.substring(colon + 1));
      for (int i = 0; i < COLUMNS.length && i < fields.length; i++) {
        statistic(out, device, COLUMNS[i], Double.parseDouble(fields[i]));
      }
      Path properties = files.sys().resolve("class/net").resolve(device);
      Double unhandled = number(properties.resolve("statistics/rx_nohandler"));
      if (unhandled != null) {
        statistic(out, device, "receive_nohandler", unhandled);
      }
      if (Files.isDirectory(properties)) {
        properties(out, device, properties);
      }
    }
  }

  private static void statistic(HostSamples out, String device, String column, double value) {
    out.counter(
        "node_network_" + column + "_total",
        "Network device statistic " + column + ".",
        value,
        "device",
        device);
  }

  private static void properties(HostSamples out, String device, Path directory) {
    String state = text(directory, "operstate");
    out.gauge(
        "node_network_up",
        "Value is 1 if operstate is 'up', 0 otherwise.",
        state.equals("up") ? 1 : 0,
        "device",
        device);
    out.gauge(
        "node_network_info",
        "Non-numeric data from /sys/class/net/<iface>, value is always 1.",
        1,
        "device",
        device,
        "address",
        text(directory, "address"),
        "broadcast",
        text(directory, "broadcast"),
        "duplex",
        text(directory, "duplex"),
        "operstate",
        state,
        "ifalias",
        text(directory, "ifalias"));
    for (String[] property : PROPERTIES) {
      Double value = number(directory.resolve(property[0]));
      if (value != null) {
        property(out, device, property[1], value);
      }
    }
    Double megabits = number(directory.resolve("speed"));
    if (megabits != null) {
      property(out, device, "speed_bytes", megabits * 1_000_000 / 8);
    }
    for (String counted : COUNTED_PROPERTIES) {
      String file =
          counted.replace("_changes", counted.equals("carrier_changes") ? "_changes" : "_count");
      Double value = number(directory.resolve(file));
      if (value != null) {
        out.counter(
            "node_network_" + counted + "_total",
            "Network device property: " + counted + "_total",
            value,
            "device",
            device);
      }
    }
  }

  private static void property(HostSamples out, String device, String name, double value) {
    out.gauge("node_network_" + name, "Network device property: " + name, value, "device", device);
  }

  private static String text(Path directory, String file) {
    String text = KernelFiles.textOrNull(directory.resolve(file));
    return text == null ? "" : text;
  }

  private static @Nullable Double number(Path file) {
    String text = KernelFiles.textOrNull(file);
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return (double) Long.decode(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
