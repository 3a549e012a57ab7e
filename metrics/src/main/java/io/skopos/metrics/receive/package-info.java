// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The receivers of protocols that bring rows as text: InfluxDB, OpenTSDB, CSV and VictoriaMetrics'
 * JSON over HTTP ({@link io.skopos.metrics.receive.ReceiveApi}), Graphite and OpenTSDB over plain
 * sockets ({@link io.skopos.metrics.receive.LineListeners}). A reader of {@code metrics.wire} hands
 * rows to {@link io.skopos.metrics.receive.ReceivedRows}, which appends them in pieces; bad rows
 * are reported with their line and the good ones are kept.
 */
@NullMarked
package io.skopos.metrics.receive;

import org.jspecify.annotations.NullMarked;
