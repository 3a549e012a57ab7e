// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Google Cloud Storage over its XML protocol with bearer tokens: its own conditions (generations),
 * its own uploads in pieces (resumable), tokens of a service account's key or of the machine.
 */
@NullMarked
package io.skopos.buckets.gcs;

import org.jspecify.annotations.NullMarked;
