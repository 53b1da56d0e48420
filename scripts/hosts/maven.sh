# shellcheck shell=bash
# Interpreters that are published as Java libraries, fetched by mvn with the machine's own settings.

# Fetches the jars that the <dependency> elements on stdin ask for, with what they depend on, into a folder.
# fetch_jars FOLDER [OPTION...]: the options are the Maven dependency plugin's.
fetch_jars() {
  local folder=$1 java_home
  shift
  need mvn
  java_home=$(newest_jdk 8) || skip "no JDK was found; JAVA_HOME names one"
  mkdir -p "$folder"
  {
    echo '<project><modelVersion>4.0.0</modelVersion><groupId>local</groupId><artifactId>hosts</artifactId>'
    echo '<version>1</version><packaging>pom</packaging><dependencies>'
    cat
    echo '</dependencies></project>'
  } >"$folder/pom.xml"
  # One at a time: Maven's own cache takes no two writers.
  JAVA_HOME=$java_home locked maven mvn --batch-mode --quiet --file "$folder/pom.xml" dependency:copy-dependencies \
    -DoutputDirectory="$folder/jars" -DincludeTypes=jar "$@"
}

# Prints the home of the newest JDK of at least this version.
newest_jdk() {
  local least=$1 home version
  for home in "${GRAALPY_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/*; do
    [ -n "$home" ] && [ -x "$home/bin/java" ] && [ -f "$home/release" ] || continue
    version=$(sed -nE 's/^JAVA_VERSION="([0-9]+).*/\1/p' "$home/release")
    [ "${version:-0}" -lt "$least" ] || echo "$version $(readlink -f "$home")"
  done | sort -rn | sed -n '1s/^[0-9]* //p' | grep .
}

# installed_or_maven NAME X.Y VERSION: an installed CPython, or else the distribution of this version.
installed_or_maven() {
  local name=$1 version=$2 release=$3 root=$dest/$1 work=$dest/$1.jar classifier patchelf program
  installed "$version" >/dev/null && return
  is_ready "$name" && return
  need unzip
  case $(uname -m) in
    x86_64) classifier=linux-x86_64 ;;
    aarch64) classifier=linux-arm64 ;;
    *) skip "no distribution of CPython $version for $(uname -m)" ;;
  esac
  rm -rf "$root" "$work"
  fetch_jars "$work" -DexcludeTransitive=true -Dclassifier="$classifier" <<DEPENDENCY
<dependency><groupId>org.bytedeco</groupId><artifactId>cpython</artifactId><version>$release</version>
<classifier>$classifier</classifier></dependency>
DEPENDENCY
  unzip -q "$work/jars/cpython-$release-$classifier.jar" "org/bytedeco/cpython/$classifier/*" \
    -x '*/test/*' '*/tests/*' '*/idlelib/*' -d "$work"
  mv "$work/org/bytedeco/cpython/$classifier" "$root"
  program=$root/bin/python$version
  chmod +x "$program"
  patchelf=$(patchelf)
  # The library libpython lies above the folder of the executable.
  "$patchelf" --force-rpath --set-rpath "$root:$root/lib" "$program"
  "$program" -c 'import ssl, zlib'
  touch "$root/.ok"
  rm -rf "$work"
}

# graalpy_from_maven NAME VERSION: GraalPy's community edition with a command that starts it.
graalpy_from_maven() {
  local name=$1 version=$2 root=$dest/$1 java_home
  [ "$(cat "$root/.ok" 2>/dev/null)" = "$version" ] && return
  java_home=$(newest_jdk 24) || skip "it needs a JDK of version 24 or later; GRAALPY_JAVA_HOME names one"
  rm -rf "$root"
  mkdir -p "$root/bin"
  fetch_jars "$root" <<DEPENDENCIES
<dependency><groupId>org.graalvm.python</groupId><artifactId>python-community</artifactId><version>$version</version>
<type>pom</type></dependency>
<dependency><groupId>org.graalvm.python</groupId><artifactId>python-launcher</artifactId><version>$version</version></dependency>
DEPENDENCIES
  graalpy_arguments "$root" >"$root/java.args"
  graalpy_command "$root" "$java_home" >"$root/bin/graalpy"
  chmod +x "$root/bin/graalpy"
  # The first start unpacks the standard library; the second writes the archive of loaded classes, with those of the
  # C API among them (_sqlite3 is a C extension), which halves the time of all later ones.
  "$root/bin/graalpy" -c 'pass'
  JDK_JAVA_OPTIONS="-XX:ArchiveClassesAtExit=$root/classes.jsa" GRAALPY_CLASSES=none "$root/bin/graalpy" -c 'import _sqlite3'
  "$root/bin/graalpy" -c 'import sys; assert sys.implementation.name == "graalpy"'
  echo "$version" >"$root/.ok"
}

# The arguments of the virtual machine, in the form of its argument files. The class path is spelt out because an archive
# of classes holds for one order of them only.
graalpy_arguments() {
  cat <<ARGUMENTS
--enable-native-access=ALL-UNNAMED
--sun-misc-unsafe-memory-access=allow
-Xss16m
-Xlog:cds=off
-Xlog:aot=off
-Dpolyglot.engine.userResourceCache="$1/cache"
-Dpolyglot.engine.WarnInterpreterOnly=false
-cp "$(printf '%s\n' "$1"/jars/*.jar | paste -sd:)"
ARGUMENTS
}

# The command. A virtual environment links to it: the path by which it is called tells GraalPy where that is.
# The first tier of the compiler alone starts in half the time; GRAALPY_TIER=4 is for long loops.
graalpy_command() {
  cat <<COMMAND
#!/bin/sh
case \$0 in
  /*) self=\$0 ;;
  */*) self=\$PWD/\$0 ;;
  *) self=\$(command -v -- "\$0") ;;
esac
[ "\${GRAALPY_CLASSES:-}" = none ] || classes=-XX:SharedArchiveFile=$1/classes.jsa
exec "$2/bin/java" "@$1/java.args" -XX:TieredStopAtLevel="\${GRAALPY_TIER:-1}" \${classes:+"\$classes"} \\
  -Dorg.graalvm.launcher.executablename="\$self" com.oracle.graal.python.shell.GraalPythonMain "\$@"
COMMAND
}
