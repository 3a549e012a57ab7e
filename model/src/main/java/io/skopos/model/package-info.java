// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The nouns every room speaks: tenant, signal, labels, matcher, time range, event. Nothing here
 * does I/O, starts a thread or imports anything but the JDK. A noun is small, immutable and
 * compares by value; text inside it is UTF-8 bytes wherever the hot path touches it.
 */
@NullMarked
package io.skopos.model;

import org.jspecify.annotations.NullMarked;
