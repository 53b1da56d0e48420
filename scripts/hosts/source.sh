# shellcheck shell=bash
# CPythons that Debian does not package, built from Debian's source package of one that it does: without the GIL, and of a
# version that does not exist yet.

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

# from_source NAME X.Y EXECUTABLE [-p FOLDER] [OPTION...]: configured with the options, and changed by patch.py of a folder
# beside this file. Lightly optimised, which builds in a third of the time.
from_source() {
  local name=$1 version=$2 executable=$3 patch='' root=$dest/$1 build=$dest/$1.build archive
  shift 3
  if [ "${1:-}" = -p ]; then
    patch=$here/$2
    shift 2
  fi
  # What an older form of the patch made is made anew.
  if is_ready "$name" && { [ -z "$patch" ] || cmp -s "$root/.ok" <(cat "$patch"/*.py); }; then return; fi
  need_headers
  rm -rf "$root" "$build"
  mkdir -p "$build/source"
  cd "$build"
  archive=$(download_source "$version") || skip "Debian's archive has no source package of CPython $version at the moment"
  tar -xf "$archive" -C source --strip-components=1
  cd source
  [ -z "$patch" ] || "$(any_python)" "$patch/patch.py" .
  ./configure -q --prefix="$root" --disable-test-modules --without-ensurepip --without-static-libpython \
    OPT="-DNDEBUG -O1 -g0" "$@"
  make -s -j"$(nproc)"
  make -s install
  "$root/bin/$executable" -c 'import ssl, zlib, ctypes'
  if [ -n "$patch" ]; then cat "$patch"/*.py; fi >"$root/.ok"
  rm -rf "$build"
}
