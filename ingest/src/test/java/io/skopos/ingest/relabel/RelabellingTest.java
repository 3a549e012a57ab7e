// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.relabel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RelabellingTest {

  /** Rule, labels before, labels after ("dropped" when dropped). */
  static Stream<Arguments> cases() {
    return Stream.of(
        of(replace("a", "f(.*)", "d", "ch${1}-ch${1}"), "a=foo b=bar", "a=foo b=bar d=choo-choo"),
        of(replace("a", "f(.*)", "a", "b${1}m"), "a=foo", "a=boom"),
        of(replace("a", "bar", "d", "x"), "a=foo", "a=foo"),
        of(replace("a", ".*f.*", "b", ""), "a=foo b=bar", "a=foo"),
        of(
            replace("a", "(?P<k>\\w+):(?P<v>\\w+)", "${k}", "$v-$$-$none-$"),
            "a=x:y",
            "a=x:y x=y-$--$"),
        of(replace("a", "(\\d)(\\d)?", "b", "$1x"), "a=1", "a=1"),
        of(replace("a", "(\\d)(\\d)?", "b", "${1}x$2"), "a=1", "a=1 b=1x"),
        of(replace("none", "(.*)", "b", "set"), "a=1", "a=1 b=set"),
        of(replace("a", "((", "b", "x"), "", "refused"),
        of(rule(RelabelAction.KEEP, "a", "f|b.*"), "a=foo", "dropped"),
        of(rule(RelabelAction.KEEP, "a", "f.*|b"), "a=foo", "a=foo"),
        of(rule(RelabelAction.DROP, "a", "fo"), "a=foo", "a=foo"),
        of(rule(RelabelAction.DROP, "a", "fo+"), "a=foo", "dropped"),
        of(rule(RelabelAction.DROP, "a", "fo+"), "a=fo\no", "a=fo\no"),
        of(equal(RelabelAction.KEEPEQUAL), "a=x b=x", "a=x b=x"),
        of(equal(RelabelAction.KEEPEQUAL), "a=x b=y", "dropped"),
        of(equal(RelabelAction.DROPEQUAL), "a=x b=x", "dropped"),
        of(equal(RelabelAction.DROPEQUAL), "a=x", "a=x"),
        of(hash(1000), "a=foo b=bar c=baz", "a=foo b=bar c=baz d=719"),
        of(hash(-1), "a=1", "a=1 d=" + Long.toUnsignedString(md5Tail("1;;"))),
        of(
            () ->
                new RelabelRule(List.of(), ";", "(b.*)", 0, "", "bar_${1}", RelabelAction.LABELMAP),
            "a=foo b1=bar b2=baz",
            "a=foo b1=bar b2=baz bar_b1=bar bar_b2=baz"),
        of(rule(RelabelAction.LABELDROP, "", "b.*"), "a=foo b1=bar b2=baz", "a=foo"),
        of(rule(RelabelAction.LABELKEEP, "", "b.*"), "a=foo b1=bar b2=baz", "b1=bar b2=baz"),
        of(cased(RelabelAction.UPPERCASE), "a=Foo", "a=Foo d=FOO"),
        of(cased(RelabelAction.LOWERCASE), "a=Foo", "a=Foo d=foo"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void doesAsPrometheusDoes(Supplier rule, String before, String after) {
    if (after.equals("refused")) {
      assertThatThrownBy(rule::get).hasMessageContaining("is not RE2");
      return;
    }
    Labels result = new Relabelling(List.of(rule.get())).apply(labels(before));
    assertThat(Objects.toString(result, "dropped"))
        .isEqualTo(after.equals("dropped") ? after : labels(after).toString());
  }

  @Test
  void rulesRunInOrderUntilOneDrops() {
    Relabelling rules =
        new Relabelling(
            List.of(
                replace("a", "(.*)", "b", "$1$1").get(),
                replace("b", "(.*)", "c", "$1!").get(),
                rule(RelabelAction.DROP, "c", "yy!").get()));
    assertThat(Objects.toString(rules.apply(labels("a=x"))))
        .isEqualTo(labels("a=x b=xx c=xx!").toString());
    assertThat((Object) rules.apply(labels("a=y"))).isNull();
  }

  @Test
  void incompleteRulesAreRefused() {
    assertThatThrownBy(() -> replace("a", "(.*)", "", "x").get())
        .hasMessage("the relabel action replace needs a target_label");
    assertThatThrownBy(() -> hash(0).get())
        .hasMessage("the relabel action hashmod needs a modulus other than 0");
    assertThatThrownBy(() -> rule(RelabelAction.LABELDROP, "a", "b").get())
        .hasMessage("the relabel action labeldrop does not take keys other than regex");
    assertThatThrownBy(() -> RelabelAction.parse("keeep"))
        .hasMessageStartingWith("'keeep' is no relabel action; there are replace, keep,");
  }

  interface Supplier {
    RelabelRule get();
  }

  private static Arguments of(Supplier rule, String before, String after) {
    return Arguments.of(rule, before, after);
  }

  private static Supplier replace(String source, String regex, String target, String replacement) {
    return () ->
        new RelabelRule(List.of(source), ";", regex, 0, target, replacement, RelabelAction.REPLACE);
  }

  private static Supplier rule(RelabelAction action, String source, String regex) {
    List<String> sources = source.isEmpty() ? List.of() : List.of(source);
    return () -> new RelabelRule(sources, ";", regex, 0, "", "$1", action);
  }

  private static Supplier equal(RelabelAction action) {
    return () -> new RelabelRule(List.of("a"), ";", "(.*)", 0, "b", "$1", action);
  }

  private static Supplier cased(RelabelAction action) {
    return () -> new RelabelRule(List.of("a"), ";", "(.*)", 0, "d", "$1", action);
  }

  private static Supplier hash(long modulus) {
    return () ->
        new RelabelRule(
            List.of("a", "b", "c"), ";", "(.*)", modulus, "d", "$1", RelabelAction.HASHMOD);
  }

  private static long md5Tail(String text) {
    try {
      byte[] digest =
          java.security.MessageDigest.getInstance("MD5")
              .digest(text.getBytes(StandardCharsets.UTF_8));
      return new java.math.BigInteger(1, java.util.Arrays.copyOfRange(digest, 8, 16)).longValue();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Labels labels(String text) {
    if (text.isEmpty()) {
      return Labels.EMPTY;
    }
    return Labels.of(
        Stream.of(text.split(" "))
            .flatMap(pair -> Stream.of(pair.split("=", 2)))
            .toArray(String[]::new));
  }
}
