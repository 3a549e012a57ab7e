// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.objects;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.concurrent.atomic.LongAdder;

/** Counts what goes in and out of an object store. */
final class ObjectTraffic {

  final LongAdder reads = new LongAdder();
  final LongAdder readBytes = new LongAdder();
  final LongAdder writes = new LongAdder();
  final LongAdder writtenBytes = new LongAdder();
  final LongAdder conflicts = new LongAdder();
  final LongAdder deletions = new LongAdder();

  void register(PrometheusRegistry registry) {
    counter(registry, "reads", "Reads of objects or ranges of them.", reads);
    counter(registry, "read_bytes", "Bytes read of objects.", readBytes);
    counter(registry, "writes", "Objects written.", writes);
    counter(registry, "written_bytes", "Bytes of the objects written.", writtenBytes);
    counter(registry, "conflicts", "Conditional writes that found another version.", conflicts);
    counter(registry, "deletions", "Objects deleted.", deletions);
  }

  private static void counter(
      PrometheusRegistry registry, String name, String help, LongAdder adder) {
    CounterWithCallback.builder()
        .name("skopos_storage_object_" + name + "_total")
        .help(help)
        .callback(callback -> callback.call((double) adder.sum()))
        .register(registry);
  }
}
