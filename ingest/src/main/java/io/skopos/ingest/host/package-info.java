/**
 * This host's metrics without an exporter (Linux): read from /proc and /sys, under node_exporter's
 * names, labels, types and help, so that its dashboards and rules fit. {@link
 * io.skopos.ingest.host.HostMetrics} reads them at an interval and appends them as one batch; each
 * reader file knows one part of the kernel's tables.
 */
@NullMarked
package io.skopos.ingest.host;

import org.jspecify.annotations.NullMarked;
