# shellcheck shell=bash
# A free-threaded CPython, which Debian does not package, built from Debian's source package.

# Ends the attempt unless the compiler finds the headers of what pip and most test suites import.
need_headers() {
  local missing
  need gcc make tar
  missing=$(for pair in zlib.h:zlib1g-dev openssl/ssl.h:libssl-dev ffi.h:libffi-dev; do
    echo "#include <${pair%:*}>" | gcc -E -x c - >/dev/null 2>&1 || echo "${pair#*:}"
  done | paste -sd' ')
  [ -z "$missing" ] || skip "building it needs packages that are not installed: apt-get install $missing"
}

# Downloads the newest source package of CPython X.Y into the current folder, and prints the name of its archive.
download_source() {
  local version=$1 release configuration
  # An archive may list a source package before it has its files: then the next release's is taken.
  for release in sid forky trixie; do
    configuration=$(apt_configuration "$release") || continue
    if APT_CONFIG=$configuration apt-get source -qq --download-only --only-source "python$version" >&2; then
      printf '%s\n' "python${version}_"*.orig.tar.* | grep -v '\.asc$' | sort -V | tail -n 1
      return
    fi
  done
  return 1
}

# free_threaded_from_source NAME X.Y: lightly optimised, which builds in a third of the time.
free_threaded_from_source() {
  local name=$1 version=$2 root=$dest/$1 build=$dest/$1.build archive
  is_ready "$name" && return
  need_headers
  rm -rf "$root" "$build"
  mkdir -p "$build/source"
  cd "$build"
  archive=$(download_source "$version") || skip "Debian's archive has no source package of CPython $version at the moment"
  tar -xf "$archive" -C source --strip-components=1
  cd source
  ./configure -q --prefix="$root" --disable-gil --disable-test-modules --without-ensurepip --without-static-libpython \
    OPT="-DNDEBUG -O1 -g0"
  make -s -j"$(nproc)"
  make -s install
  "$root/bin/python${version}t" -c 'import ssl, zlib, ctypes'
  touch "$root/.ok"
  rm -rf "$build"
}
