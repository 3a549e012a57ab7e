// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Answering from heads and parts: a snapshot of both, the runs in them that a selection may need,
 * those of one stream and time put together, and the order they are visited in.
 */
@NullMarked
package io.skopos.logs.store.select;

import org.jspecify.annotations.NullMarked;
