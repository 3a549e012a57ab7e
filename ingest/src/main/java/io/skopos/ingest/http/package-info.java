/**
 * The HTTP client of scraping and discovery: {@link io.skopos.ingest.http.HttpSettings} is what a
 * configuration says (TLS, credentials, proxies, headers), as plain data that compares by value.
 * Secrets never reach a log, a page or a message.
 */
@NullMarked
package io.skopos.ingest.http;

import org.jspecify.annotations.NullMarked;
