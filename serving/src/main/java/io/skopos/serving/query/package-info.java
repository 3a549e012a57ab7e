// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * How a question of any signal is run: {@link io.skopos.serving.query.QueryRunner} opens a budget
 * that ends with its client, waits for one of the threads that all wings share ({@link
 * io.skopos.serving.query.QueryCapacity}), and lists what runs ({@link
 * io.skopos.serving.query.RunningQueries}) and what ended ({@link
 * io.skopos.serving.query.QueryLog}). Knows no language; how errors are worded is the wing's
 * ({@link io.skopos.serving.query.QueryErrors}).
 */
@NullMarked
package io.skopos.serving.query;

import org.jspecify.annotations.NullMarked;
