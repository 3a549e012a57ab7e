// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The endpoints that take log entries: Loki's push ({@link io.skopos.logs.receive.PushEndpoint}),
 * Elasticsearch's bulk API with the handshake of its shippers ({@link
 * io.skopos.logs.receive.BulkEndpoint}, {@link io.skopos.logs.receive.ElasticsearchHandshake}), and
 * lines of JSON ({@link io.skopos.logs.receive.LinesEndpoint}). Bodies are read by {@code wire},
 * batches go to the intake; limits are the intake's.
 */
@NullMarked
package io.skopos.logs.receive;

import org.jspecify.annotations.NullMarked;
