# Sourced, after .ci/provide.sh, by scripts that run clients as their registries give them out. Failing, `reason` says why.

# setup_node BUILT FOLDER [FILE...]: the packages that the scripts of FOLDER need, in BUILT/node. The scripts, and the other
# files, are copied there: beside their libraries, where Node looks for them.
setup_node() {
    local to=$1/node from=$2 stamp
    shift 2
    provide node nodejs npm && provide npm npm || return 1
    mkdir -p "$to"
    stamp=$(cat "$from/package-lock.json" "$from/.npmrc" | cksum)
    find "$from" -maxdepth 1 -type f \( -name '*.js' -o -name '*.json' -o -name '*.html' -o -name .npmrc \) -exec cp {} "$to/" \;
    [ $# -eq 0 ] || cp "$@" "$to/"
    [ "$stamp" != "$(cat "$to/stamp" 2>/dev/null)" ] || return 0
    if ! (cd "$to" && npm ci --silent --ignore-scripts); then
        reason="npm could not install its packages, see above"
        return 1
    fi
    echo "$stamp" > "$to/stamp"
}

# setup_python BUILT: what tests/clients/python/requirements.txt names, in the virtual environment BUILT/python.
setup_python() {
    local to=$1/python wanted=tests/clients/python/requirements.txt stamp
    provide python3 python3 python3-venv || return 1
    stamp=$(cksum < "$wanted")
    [ "$stamp" != "$(cat "$to/stamp" 2>/dev/null)" ] || return 0
    rm -rf "$to"
    if ! { python3 -m venv "$to" && "$to/bin/pip" install --quiet --no-deps --requirement "$wanted"; }; then
        reason="pip could not install its packages, see above"
        return 1
    fi
    echo "$stamp" > "$to/stamp"
}
