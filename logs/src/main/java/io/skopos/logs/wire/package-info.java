// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Messages that bring log entries, read into a {@link io.skopos.logs.store.LogBatch}: Loki's push
 * in protobuf ({@link io.skopos.logs.wire.PushDecoder}, in place, no object per line) and in JSON
 * ({@link io.skopos.logs.wire.JsonPushDecoder}), and lines of JSON as Elasticsearch and others send
 * them ({@link io.skopos.logs.wire.JsonEntry}). {@link io.skopos.logs.wire.Discovery} adds what is
 * found out about an entry; {@link io.skopos.logs.wire.PushReport} says what was kept. No HTTP
 * here.
 */
@NullMarked
package io.skopos.logs.wire;

import org.jspecify.annotations.NullMarked;
