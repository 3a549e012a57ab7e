# Copyright The Skopos Authors.
# SPDX-License-Identifier: Apache-2.0
#
# Sourced by ./skopos and ./mvnw. Sets `jdk` to the home of a JDK of at least version $1 (with javac when
# $2 is "javac"), or to nothing. Looks in JAVA_HOME, on the PATH, then in the usual folders; of several in
# the usual folders the newest wins.

jdk_version() {
  # The release file is quicker than starting `java -version`.
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null || true
}

jdk_fits() {
  [ -x "$1/bin/java" ] || return 1
  [ "$3" != javac ] || [ -x "$1/bin/javac" ] || return 1
  version=$(jdk_version "$1")
  [ -n "$version" ] && [ "$version" -ge "$2" ]
}

find_jdk() {
  jdk=
  if [ -n "${JAVA_HOME:-}" ] && jdk_fits "$JAVA_HOME" "$1" "${2:-}"; then
    jdk=$JAVA_HOME
    return 0
  fi
  on_path=$(command -v java 2>/dev/null || true)
  if [ -n "$on_path" ]; then
    home=$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")
    home=${home%/bin/java}
    if jdk_fits "$home" "$1" "${2:-}"; then
      jdk=$home
      return 0
    fi
  fi
  newest=0
  for home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /usr/local/openjdk* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if jdk_fits "$home" "$1" "${2:-}"; then
      version=$(jdk_version "$home")
      if [ "$version" -gt "$newest" ]; then
        newest=$version
        jdk=$home
      fi
    fi
  done
  [ -n "$jdk" ]
}
