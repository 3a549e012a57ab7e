// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * OpenTSDB's two ways in: {@link io.skopos.metrics.wire.opentsdb.PutLines} for telnet's {@code put}
 * and {@link io.skopos.metrics.wire.opentsdb.PutJson} for {@code /api/put}. No sockets here.
 */
@NullMarked
package io.skopos.metrics.wire.opentsdb;

import org.jspecify.annotations.NullMarked;
