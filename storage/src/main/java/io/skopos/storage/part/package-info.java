// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * An immutable file of pages and a footer, the same bytes on disk and in object storage
 * (docs/formats/part.md). Each page has its length, codec and checksum; one read of the tail opens
 * a part. What the pages mean is the wing's business.
 */
@NullMarked
package io.skopos.storage.part;

import org.jspecify.annotations.NullMarked;
