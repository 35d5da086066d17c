# Sourced by ./layerbench, ./test and .ci/run: what must be on the machine, installed where that is allowed.
# shellcheck shell=bash

say() { echo "layerbench: $*" >&2; }

require_dotnet() {
  if ! command -v dotnet >/dev/null; then
    say "the .NET SDK 10 is missing; install it from https://dot.net/download, or e.g. with your distribution's package dotnet-sdk-10.0"
    exit 2
  fi
}

# The Python that has torch: LAYERBENCH_PYTHON, else the first of these. Asks without importing, so it is quick.
python_with_torch() {
  local p
  for p in ${LAYERBENCH_PYTHON:+"$LAYERBENCH_PYTHON"} python3 /usr/bin/python3 python; do
    if command -v "$p" >/dev/null && "$p" -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)' 2>/dev/null; then
      command -v "$p"
      return 0
    fi
  done
  return 1
}

can_apt() { command -v apt-get >/dev/null && [[ $(id -u) == 0 ]]; }

apt_updated=
# apt_install WHY PACKAGE...
apt_install() {
  local why=$1
  shift
  say "installing with apt ($why): $*"
  if [[ -z $apt_updated ]]; then
    apt-get update -qq >/dev/null 2>&1 || true
    apt_updated=1
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>"${TMPDIR:-/tmp}/layerbench-apt.log" || {
    say "apt could not install $*:"
    tail -n 5 "${TMPDIR:-/tmp}/layerbench-apt.log" >&2
    return 1
  }
}

# libopenblas0-pthread: without it Debian's torch falls back to the reference BLAS, many times slower.
# libtcmalloc-minimal4: glibc's malloc distorts CPU timings (docs/measurement.md).
torch_packages=(python3-torch libopenblas0-pthread libtcmalloc-minimal4)

# What draws report.html's figures is built with npm. Without it everything else works, so this never ends the command.
want_node() {
  if command -v node >/dev/null && command -v npm >/dev/null; then return 0; fi
  if can_apt; then
    apt_install "the build of report.html's figures" nodejs npm || say "going on without; report.html will be without figures"
  else
    say "node and npm are missing, so report.html will be without figures; to have them: sudo apt-get install --no-install-recommends nodejs npm"
  fi
}

# The server's programs; tests of the cluster's store start one of their own.
has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
# What renders the Helm chart in the tests, where there is no helm: about 85 MB to download.
renderer_packages=(golang-go golang-github-masterminds-sprig-dev golang-github-ghodss-yaml-dev golang-github-xeipuuv-gojsonschema-dev)
has_renderer() { command -v go >/dev/null && [[ -d /usr/share/gocode/src/github.com/xeipuuv/gojsonschema ]]; }

# Prometheus' programs, taken out of Debian's package (19 MB) into artifacts/tools: installing it would start a server.
has_promtool() { command -v promtool >/dev/null || [[ -x $root/artifacts/tools/usr/bin/promtool ]]; }
fetch_promtool() {
  local work
  work=$(mktemp -d) && chmod 0755 "$work" || return 1
  say "taking promtool out of the package prometheus into artifacts/tools"
  mkdir -p "$root/artifacts/tools"
  (cd "$work" && apt-get download -qq prometheus >/dev/null 2>&1 && dpkg-deb --fsys-tarfile prometheus_*.deb) |
    tar -x -C "$root/artifacts/tools" ./usr/bin/promtool ./usr/bin/prometheus 2>/dev/null
  local status=$?
  rm -rf "$work"
  return "$status"
}

has_torchsharp() { grep -q '<HasTorchSharp>true' "$root/artifacts/features.props" 2>/dev/null; }

# A worker that can run, unless the arguments ask for none.
require_worker() {
  local a
  for a in "$@"; do
    case $a in --help | -h | -\? | simulated | --backend=simulated) return 0 ;; esac
  done
  if has_torchsharp || python_with_torch >/dev/null; then return 0; fi
  if [[ -n ${LAYERBENCH_PYTHON:-} ]]; then
    say "LAYERBENCH_PYTHON=$LAYERBENCH_PYTHON has no torch; name a Python that has it, or unset the variable"
    exit 2
  fi
  if can_apt; then
    apt_install "no TorchSharp in this edition and no Python with torch here; about 45 MB" "${torch_packages[@]}" || exit 2
  else
    say "nothing here can run tensors: this edition has no TorchSharp, and no Python with torch was found."
    say "Install one of them, then give the same command again:"
    say "  Debian, Ubuntu:  sudo apt-get install --no-install-recommends ${torch_packages[*]}"
    say "  elsewhere:       python3 -m pip install torch        (or set LAYERBENCH_PYTHON to a Python that has torch)"
    exit 2
  fi
}
