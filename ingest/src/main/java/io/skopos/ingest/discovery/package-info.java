/**
 * Where targets are found: today in files ({@code file_sd_configs}). {@link
 * io.skopos.ingest.discovery.FileTargets} reads target groups and keeps the last good ones, {@link
 * io.skopos.ingest.discovery.DirectoryWatch} says when to read again. What becomes of the groups is
 * scraping's business.
 */
@NullMarked
package io.skopos.ingest.discovery;

import org.jspecify.annotations.NullMarked;
