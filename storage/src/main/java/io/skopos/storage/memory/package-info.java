// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * One budget for all memory that grows with data: head slabs, page cache, queues. An owner reserves
 * before it allocates and gives back after it frees; who may not grow is told so before anything
 * was done.
 */
@NullMarked
package io.skopos.storage.memory;

import org.jspecify.annotations.NullMarked;
