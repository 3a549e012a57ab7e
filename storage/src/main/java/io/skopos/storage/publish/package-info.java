// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Every change of a manifest: a flush adds a part, a merge replaces some, a deletion is noted,
 * retention drops a day. {@link io.skopos.storage.publish.Publications} makes them one at a time,
 * so that a deletion is noted on every part it has to hide rows of, also of a part published at the
 * same moment.
 */
@NullMarked
package io.skopos.storage.publish;

import org.jspecify.annotations.NullMarked;
