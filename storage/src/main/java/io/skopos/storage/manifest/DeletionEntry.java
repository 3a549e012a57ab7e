// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import io.skopos.storage.Deletion;

/**
 * A deletion that some part of the day may still need; it hides rows of parts whose maxPosition is
 * less.
 */
public record DeletionEntry(long position, Deletion deletion) {}
