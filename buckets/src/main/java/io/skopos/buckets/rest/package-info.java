// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * What providers with a plain REST protocol share: addresses, answers, small XML and JSON, tokens
 * that run out. {@code azure} and {@code gcs} are made of it.
 */
@NullMarked
package io.skopos.buckets.rest;

import org.jspecify.annotations.NullMarked;
