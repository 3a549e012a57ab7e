// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversionTest {

  @Test
  void numbersAreTheNearest() {
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 12_000; round++) {
      double value =
          round % 3 == 0
              ? random.nextInt(2_000_000) / 1000.0
              : round % 3 == 1
                  ? Double.longBitsToDouble(random.nextLong())
                  : random.nextLong() / 1e3;
      if (Double.isFinite(value)) {
        assertThat(GoNumber.parse(Double.toString(value))).isEqualTo(value);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1,1",
    "-5,-5",
    "+.5,0.5",
    "1e3,1000",
    "0x1p4,16",
    "inf,Infinity",
    "-Inf,-Infinity",
    "NaN,NaN",
    "123456789012345678901234567890,1.2345678901234568E29"
  })
  void readsNumbers(String text, Double expected) {
    assertThat(GoNumber.parse(text)).isEqualTo(expected);
    assertThat(GoNumber.isInvalid(GoNumber.parse(text))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"5d", "1f", "0x10", "''", "' 1'", ".", "1e", "--1", "1e999", "1_000", "é"})
  void refusesNumbers(String text) {
    assertThat(GoNumber.isInvalid(GoNumber.parse(text))).isTrue();
    assertThat(GoNumber.problem(text))
        .isEqualTo(
            "strconv.ParseFloat: parsing \""
                + text
                + (text.equals("1e999") ? "\": value out of range" : "\": invalid syntax"));
  }

  @ParameterizedTest
  @CsvSource({
    "1h30m,5400000000000",
    "0.3s,300000000",
    "-5s,-5000000000",
    "0,0",
    "1us,1000",
    "1µs,1000",
    "1.5h,5400000000000",
    "100ns,100",
    "1.000000001s,1000000001"
  })
  void readsDurations(String text, long nanos) {
    assertThat(GoDuration.parse(text)).isEqualTo(nanos);
  }

  @ParameterizedTest
  @CsvSource({
    "1KB,1000",
    "1KiB,1024",
    "1.5B,1",
    "'2,048',2048",
    "2Kb,2000",
    "1024,1024",
    "3 kB,3000",
    "1EiB,1152921504606846976",
    "5m,5000000",
    "1k,1000",
    "1Mi,1048576"
  })
  void readsSizes(String text, double bytes) {
    assertThat(ByteSizeText.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,from 10.1.2.3 ok,true",
    "10.0.0.0/8,from 11.1.2.3 ok,false",
    "192.168.4.5-192.168.4.20,x192.168.4.5,true",
    "192.168.4.5-192.168.4.20,192.168.4.21,false",
    "192.168.0.1,192.168.0.1:8080,true",
    "192.168.0.1,1192.168.0.10,false",
    "2001:db8::/32,peer 2001:db8::1 up,true",
    "2001:db8::/32,peer 2001:db9::1 up,false",
    "::1,listening on ::1,false",
    "::1,listening on ::1 ok,true",
    "fe80::1-fe80::ff,at fe80:0:0:0:0:0:0:aa,true",
    "10.0.0.0/8,256.10.1.1 or 010.1.1.1,false",
  })
  void findsAddresses(String pattern, String text, boolean found) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(new IpFilter(pattern).matches(bytes, 0, bytes.length)).isEqualTo(found);
  }

  @ParameterizedTest
  @CsvSource({"''", "bogus", "1.2.3", "1.2.3.4/33", "1.2.3.4-1.2.3.3", "1.2.3.4-::1", "1.2.3.4/"})
  void refusesAddresses(String pattern) {
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> new IpFilter(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("ip: invalid pattern");
  }
}
