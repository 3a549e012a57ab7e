// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: {@code server}, {@code check}, {@code query}, {@code event}, {@code
 * completion}. Commands other than {@code server} talk to a running one over its public HTTP API,
 * as any other client would.
 */
@NullMarked
package io.skopos.server.cli;

import org.jspecify.annotations.NullMarked;
