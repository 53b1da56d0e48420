# shellcheck shell=bash
# Interpreters from Debian's binary packages, of any of its releases, unpacked into a folder and run from there with
# the C library of their own release. Nothing outside DEST is changed.

# Prints the Debian archive that this machine uses.
debian_archive() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -E '/debian/?$' | sort -u | head -n 1
}

# Prints the apt configuration for a release. apt finds no package installed there, so it resolves everything.
apt_configuration() {
  need apt-get dpkg-deb curl
  locked "apt-$1" update_release "$1" >&2
  echo "$dest/apt/$1/apt.conf"
}

update_release() {
  local release=$1 state=$dest/apt/$1 archive architecture options
  [ -f "$state/ok" ] && return
  archive=$(debian_archive) || skip "this machine's apt configuration names no Debian archive"
  architecture=$(dpkg --print-architecture)
  options=signed-by=/usr/share/keyrings/debian-archive-keyring.gpg
  mkdir -p "$state"/{lists,cache/archives}/partial "$state/etc"
  : >"$state/status"
  {
    echo "deb [$options] $archive $release main"
    echo "deb-src [$options] $archive $release main"
  } >"$state/etc/sources.list"
  cat >"$state/apt.conf" <<CONFIGURATION
APT {
  Architecture "$architecture";
  Architectures { "$architecture"; };
  Sandbox::User "root";
};
Dir {
  State { Lists "$state/lists"; status "$state/status"; };
  Cache "$state/cache";
  Etc {
    sourcelist "$state/etc/sources.list";
    sourceparts "/dev/null";
    preferences "/dev/null";
    preferencesparts "/dev/null";
  };
};
Acquire { Languages "none"; Check-Valid-Until "false"; };
CONFIGURATION
  APT_CONFIG=$state/apt.conf apt-get update -qq
  touch "$state/ok"
}

# Of the closure an interpreter needs the libraries and itself; the rest are tools for installing it as a package.
is_needed() {
  case $1 in
    libperl* | *-perl | libpam* | libdebconf* | libjs-* | libsemanage* | libsepol* | libc-dev-bin | libc-gconv*) return 1 ;;
    python3.* | libpython3.*-* | pypy3*) return 0 ;;
    *-dev | *-bin | *-data) return 1 ;;
    lib* | zlib* | tzdata | openssl*) return 0 ;;
    *) return 1 ;;
  esac
}

# Prints the files that installing PACKAGE... of a release needs: address, file name, kind of checksum, checksum.
closure() {
  local configuration
  configuration=$(apt_configuration "$1")
  shift
  APT_CONFIG=$configuration apt-get install --yes --no-install-recommends --print-uris -qq "$@" |
    sed -nE "s/^'([^']+)' ([^ ]+) [0-9]+ ([A-Za-z0-9]+):([0-9a-f]+)$/\1 \2 \3 \4/p" |
    while read -r address file kind sum; do
      if is_needed "${file%%_*}"; then echo "$address $file $kind $sum"; fi
    done
}

# from_debian NAME RELEASE PACKAGE...: the packages and what they need, under DEST/NAME.
from_debian() {
  local name=$1 release=$2 root=$dest/$1 store=$dest/debs/$1 address file kind sum
  shift 2
  is_ready "$name" && return
  rm -rf "$root"
  mkdir -p "$root" "$store"
  closure "$release" "$@" >"$store/list"
  [ -s "$store/list" ] || skip "Debian $release has no $*"
  # A file takes its name when it is whole: an attempt that was broken off goes on where it was.
  # shellcheck disable=SC2016
  cut -d' ' -f1,2 "$store/list" | (cd "$store" && xargs -P 8 -n 2 bash -c \
    'if [ ! -e "$1" ]; then curl -fsS --retry 5 -o "$1.part" "$0" && mv "$1.part" "$1"; fi')
  while read -r address file kind sum; do
    # Both MD5Sum and SHA256 name the tool that checks them.
    kind=${kind,,}
    echo "$sum  $store/$file" | "${kind%sum}sum" --check --quiet -
    dpkg-deb --fsys-tarfile "$store/$file" |
      tar -x -C "$root" --keep-directory-symlink --exclude='./usr/share/doc' --exclude='./usr/share/man'
  done <"$store/list"
  relocate "$root"
  while read -r file; do "$file" -c 'import ssl, zlib, ctypes'; done < <(executables "$name")
  touch "$root/.ok"
  rm -rf "$store"
}

# Makes the interpreters below a folder start with the folder's own loader and libraries.
relocate() {
  local root=$1 patchelf program loader library_path header
  patchelf=$(patchelf)
  # Releases differ in whether /lib is a folder of its own.
  library_path=$(find "$root" -maxdepth 3 -type d -path '*/lib/*-linux-gnu*' | paste -sd:)
  for program in "$root"/usr/bin/python3.[0-9]* "$root"/usr/lib/pypy3/bin/pypy3* "$root"/usr/bin/pypy3*; do
    # Links and scripts need nothing.
    [ -f "$program" ] && [ ! -L "$program" ] && loader=$("$patchelf" --print-interpreter "$program" 2>/dev/null) || continue
    loader=$(find "$root" -name "$(basename "$loader")" -path '*-linux-gnu*' | head -n 1)
    "$patchelf" --set-interpreter "$(readlink -f "$loader")" --force-rpath --set-rpath "$library_path:$root/usr/lib" "$program"
  done
  # Debian's pyconfig.h includes the one of the processor by a path that only a system-wide installation has.
  for header in "$root"/usr/include/*-linux-gnu*/python3.*/pyconfig.h; do
    [ ! -f "$header" ] || cp -f "$header" "$root/usr/include/$(basename "$(dirname "$header")")/pyconfig.h"
  done
  # It is nobody's system Python: pip may install into it.
  rm -f "$root"/usr/lib/python3*/EXTERNALLY-MANAGED "$root"/usr/lib/pypy3*/EXTERNALLY-MANAGED
}
