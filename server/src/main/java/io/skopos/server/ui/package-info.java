// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Serves the web UI, whose files the module {@code ui} puts on the class path: the one HTML page
 * under the address of every page, and the files it loads under {@code /ui/}.
 *
 * <p>Only the addresses listed by the UI's build are the UI's; everything else stays what it is, so
 * that an API client that asks for a path that does not exist is told so rather than handed HTML.
 * No data passes through here, and no access control: signing in needs these files.
 */
@NullMarked
package io.skopos.server.ui;

import org.jspecify.annotations.NullMarked;
