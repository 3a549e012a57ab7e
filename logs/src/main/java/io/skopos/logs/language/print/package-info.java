// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/** From the tree back to text: in Loki's canonical form, and over several lines for people. */
@NullMarked
package io.skopos.logs.language.print;

import org.jspecify.annotations.NullMarked;
