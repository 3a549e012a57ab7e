// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.host;

import java.io.IOException;

/** Reads one part of the kernel's tables; named as node_exporter's collector for it. */
interface HostCollector {

  String name();

  /** Adds what there is now. What the kernel does not offer is left out. */
  void collect(HostSamples out) throws IOException;
}
