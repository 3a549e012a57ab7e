/**
 * JSON answers of other people's APIs as a tree: {@link io.skopos.ingest.json.JsonValue}. Whoever
 * reads it bounds the text's size first. Nothing here knows what a document means.
 */
@NullMarked
package io.skopos.ingest.json;

import org.jspecify.annotations.NullMarked;
