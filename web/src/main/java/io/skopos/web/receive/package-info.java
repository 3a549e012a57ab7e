// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * What the receivers of every protocol tell about their work: rows taken, rows rejected and why, as
 * metrics of the server and per tenant for {@code /api/v1/status/ingest}. Receivers report to
 * {@link io.skopos.web.receive.Receipts}; nothing here reads or refuses a row.
 */
@NullMarked
package io.skopos.web.receive;

import org.jspecify.annotations.NullMarked;
