// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Encryption of what is listened on: certificates, keys and the authorities of client certificates,
 * all PEM files that are read again when they change. {@link io.skopos.web.tls.CertificateFiles} is
 * for the HTTP server, {@link io.skopos.web.tls.TlsSockets} for listeners of plain TCP.
 */
@NullMarked
package io.skopos.web.tls;

import org.jspecify.annotations.NullMarked;
