// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The logs wing: {@code store} keeps entries, {@code language} is LogQL, {@code wire} decodes what
 * shippers send, {@code api} speaks Loki's protocol. Entries come in as a {@link
 * io.skopos.logs.store.LogBatch} and are read through a {@link io.skopos.logs.store.LogSource};
 * nothing of files, listeners or other signals lives here.
 */
@NullMarked
package io.skopos.logs;

import org.jspecify.annotations.NullMarked;
