/**
 * YAML (and JSON) read as a tree that knows its lines: {@link io.skopos.ingest.yaml.YamlDocument}
 * gives {@link io.skopos.ingest.yaml.YamlValue}s and {@link io.skopos.ingest.yaml.YamlMapping}s,
 * whose keys are taken one by one, so that unknown ones can be refused with line and nearest known
 * key. Nothing here knows what a document means.
 */
@NullMarked
package io.skopos.ingest.yaml;

import org.jspecify.annotations.NullMarked;
