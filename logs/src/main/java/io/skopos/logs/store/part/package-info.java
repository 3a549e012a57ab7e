// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Log entries on disk (docs/formats/logs-part.md): blocks of about a mebibyte of lines, sorted by
 * stream and time, each a directory and pages of columns; an index of blocks that tells which rows
 * of which stream and time lie where; a label index of the streams. {@code LogPartWriter} writes a
 * part, {@code LogPart} opens it, {@code Block} reads one block, {@code LogPartMerger} makes one
 * part of several.
 */
@NullMarked
package io.skopos.logs.store.part;

import org.jspecify.annotations.NullMarked;
