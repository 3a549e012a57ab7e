/**
 * Targets a web server lists ({@code http_sd_configs}): a JSON list of target groups, asked for at
 * intervals, labelled with {@code __meta_url}.
 */
@NullMarked
package io.skopos.ingest.discovery.web;

import org.jspecify.annotations.NullMarked;
