#!/usr/bin/env bash
# Gets the interpreters that Cardan is developed with, side by side, into a folder outside the tree.
#
#   scripts/hosts.sh [DEST] [NAME...]
#
# DEST     the folder; default $CARDAN_HOSTS, or else cardan/hosts in the user's cache. Executables are given its
#          absolute path, so it cannot be moved.
# NAME     cp39 cp310 cp311 cp312  CPython: pyenv's or the system's, or else a distribution for Java from Maven
#          cp-sid                  CPython 3.13, 3.14 and 3.15, from Debian's packages
#          cp313t                  CPython 3.13, free-threaded, built from Debian's source package
#          cp-next                 a CPython 3.16 with other layouts than any version has, made of the same source
#          pypy39 pypy311 pypy80   PyPy 7.3.11, 7.3.19 and 8.0, from Debian's packages
#          graalpy                 GraalPy 25.2 on a Java virtual machine, from Maven
#          Default: all of them but cp-next, which is got and listed when it is named.
#
# A host that is there is left alone (DEST/NAME/.ok says so). One that cannot be had is reported as skipped, with the
# reason, and does not stop the others. DEST/pythons.txt lists the executables, one on each line.
# Needs Debian with gcc, make, curl and one CPython; cp313t, cp-next, graalpy and the distributions from Maven say what
# they need.
set -euo pipefail
shopt -s inherit_errexit

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/hosts
# shellcheck source=scripts/hosts/common.sh
. "$here/common.sh"
# shellcheck source=scripts/hosts/debian.sh
. "$here/debian.sh"
# shellcheck source=scripts/hosts/source.sh
. "$here/source.sh"
# shellcheck source=scripts/hosts/maven.sh
. "$here/maven.sh"

all_names=(cp39 cp310 cp311 cp312 cp-sid cp313t cp-next pypy39 pypy311 pypy80 graalpy)
# Of the C API's own tests three do not pass on cp-next yet.
usual_names=(cp39 cp310 cp311 cp312 cp-sid cp313t pypy39 pypy311 pypy80 graalpy)

# How a host is got.
get() {
  case $1 in
    cp39) installed_or_maven cp39 3.9 3.9.6-1.5.6 ;;
    cp310) installed_or_maven cp310 3.10 3.10.8-1.5.8 ;;
    cp311) installed_or_maven cp311 3.11 3.11.3-1.5.9 ;;
    cp312) installed_or_maven cp312 3.12 3.12.1-1.5.10 ;;
    cp-sid) from_debian cp-sid sid python3.13-dev python3.14-dev python3.15-dev ;;
    cp313t) from_source cp313t 3.13 python3.13t --disable-gil ;;
    cp-next) from_source cp-next 3.13 python3.16 -p next ;;
    pypy39) from_debian pypy39 bookworm pypy3 pypy3-dev ;;
    pypy311) from_debian pypy311 trixie pypy3 pypy3-dev ;;
    pypy80) from_debian pypy80 sid pypy3 pypy3-dev ;;
    graalpy) graalpy_from_maven graalpy 25.2.4 ;;
  esac
}

# The executables that a host has, or will have.
executables() {
  case $1 in
    cp39 | cp310 | cp311 | cp312) installed "3.${1#cp3}" || echo "$dest/$1/bin/python3.${1#cp3}" ;;
    cp-sid) printf '%s\n' "$dest"/cp-sid/usr/bin/python3.{13,14,15} ;;
    cp313t) echo "$dest/cp313t/bin/python3.13t" ;;
    cp-next) echo "$dest/cp-next/bin/python3.16" ;;
    pypy*) echo "$dest/$1/usr/bin/pypy3" ;;
    graalpy) echo "$dest/graalpy/bin/graalpy" ;;
  esac
}

# Gets one host, with all that is said on the way in DEST/NAME.log, and reports in one line how it went.
get_and_report() {
  local name=$1 start=$SECONDS reason
  local log=$dest/$name.log
  # In the background, because a condition would turn off that an error ends the attempt.
  (get "$name") >"$log" 2>&1 &
  if wait $!; then
    echo "ready $name: $(executables "$name" | paste -sd' ') ($((SECONDS - start)) s)"
  else
    reason=$(sed -n 's/^skip: //p' "$log" | tail -n 1)
    echo "skipped $name: ${reason:-$(tail -n 1 "$log") (all of it: $log)}"
  fi
}

case ${1:-} in
  -h | --help) sed -n '2,/^set /{s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit 0 ;;
esac
dest=${1:-${CARDAN_HOSTS:-${XDG_CACHE_HOME:-$HOME/.cache}/cardan/hosts}}
[ $# -eq 0 ] || shift
names=("$@")
[ ${#names[@]} -gt 0 ] || names=("${usual_names[@]}")
for name in "${names[@]}"; do
  [[ " ${all_names[*]} " == *" $name "* ]] || { echo "hosts.sh: no host is named $name; there are: ${all_names[*]}" >&2; exit 2; }
done
mkdir -p -- "$dest"
dest=$(readlink -f -- "$dest")

for name in "${names[@]}"; do
  get_and_report "$name" &
done
wait

for name in "${all_names[@]}"; do
  [[ " ${usual_names[*]} ${names[*]} " == *" $name "* ]] || continue
  executables "$name" | while read -r executable; do
    # Half of a host may be left of an attempt that failed.
    if is_ready "$name" || [[ $executable != "$dest"/* ]]; then echo "$executable"; fi
  done
done >"$dest/pythons.txt"
echo "$(wc -l <"$dest/pythons.txt") interpreters are listed in $dest/pythons.txt"
[ -s "$dest/pythons.txt" ]
