// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Which heads there are, whatever a wing's head holds: the one each shard writes to, those that
 * wait for a flush, those a question has to look at; and how a flush goes through them. What lies
 * in a head, and how it becomes a part, is the wing's.
 */
@NullMarked
package io.skopos.storage.head;

import org.jspecify.annotations.NullMarked;
