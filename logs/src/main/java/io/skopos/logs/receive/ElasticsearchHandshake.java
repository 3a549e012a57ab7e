// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.receive;

import io.skopos.web.Handler;
import io.skopos.web.Method;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What shippers (Beats, Logstash, Fluent Bit, Vector) ask an Elasticsearch before they send: its
 * version, license, and that templates and policies are there. Under a prefix only, as the root is
 * the web UI's.
 */
final class ElasticsearchHandshake {

  private static final String VERSION =
      """
      {"name":"skopos","cluster_name":"skopos","cluster_uuid":"skopos","version":\
      {"number":"8.17.0","build_flavor":"default","build_type":"tar","build_snapshot":false,\
      "lucene_version":"9.12.0","minimum_wire_compatibility_version":"7.17.0",\
      "minimum_index_compatibility_version":"7.0.0"},"tagline":"You Know, for Search"}\
      """;

  private static final String LICENSE =
      """
      {"license":{"status":"active","uid":"skopos","type":"basic","mode":"basic",\
      "issue_date_in_millis":0,"expiry_date_in_millis":4102444800000}}\
      """;

  private static final List<String> THERE =
      List.of(
          "_ilm/policy/{name}",
          "_index_template/{name}",
          "_component_template/{name}",
          "_template/{name}",
          "_ingest/pipeline/{name}",
          "_data_stream/{name}");

  void register(Routes routes) {
    Routes.Family family = routes.family(new ElasticsearchErrors(), Right.WRITE);
    for (String prefix : BulkEndpoint.PREFIXES) {
      if (prefix.isEmpty()) {
        continue;
      }
      answer(family, prefix, VERSION);
      answer(family, prefix + "/", VERSION);
      answer(family, prefix + "/_license", LICENSE);
      answer(
          family,
          prefix + "/_xpack",
          "{\"license\":{\"type\":\"basic\",\"mode\":\"basic\",\"status\":\"active\"}}");
      answer(family, prefix + "/_cat/{*what}", "[]");
      answer(family, prefix + "/_cluster/health", "{\"status\":\"green\"}");
      answer(family, prefix + "/_nodes/{*what}", "{\"nodes\":{}}");
      for (String path : THERE) {
        answer(family, prefix + "/" + path, "{}");
        Handler acknowledged = _ -> json("{\"acknowledged\":true}");
        family.add(Method.PUT, prefix + "/" + path, acknowledged);
        family.post(prefix + "/" + path, acknowledged);
      }
    }
  }

  private static void answer(Routes.Family family, String path, String body) {
    family.get(path, _ -> json(body));
  }

  private static Response json(String body) {
    return Response.bytes(200, "application/json", body.getBytes(StandardCharsets.UTF_8))
        .header("X-Elastic-Product", "Elasticsearch");
  }
}
