// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/** LogQL against the lists and scripts of its peers, read from {@code -Dskopos.conformance}. */
@NullMarked
package io.skopos.logs.language.conformance;

import org.jspecify.annotations.NullMarked;
