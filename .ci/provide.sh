# Sourced by scripts that need a program which may not be there.
#
# provide COMMAND PACKAGE...   succeeds when COMMAND is there; otherwise Debian's packages are installed, where this may
#                              (root, or sudo without a password). Failing, `reason` says why.
# skipped WHAT                 says that WHAT was not done, for `reason`; with CI=true that ends the script with 1.

reason=""

# Runs its arguments as root; fails where that needs a password.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

provide() {
    local command=$1 log
    shift
    if "$command" --version >/dev/null 2>&1; then return; fi
    reason="no $command found"
    command -v apt-get >/dev/null || { reason="$reason, and no apt-get to install it"; return 1; }
    as_root true 2>/dev/null || { reason="$reason, and no right to install it"; return 1; }
    echo "$reason; installing Debian's packages $*" >&2
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0)
    log=$(mktemp)
    if ! { as_root "${apt[@]}" update && as_root "${apt[@]}" install -y --no-install-recommends "$@"; } > "$log" 2>&1; then
        cat "$log" >&2
        reason="$reason, and installing it failed, see above"
    fi
    rm -f "$log"
    "$command" --version >/dev/null 2>&1 && reason=""
}

skipped() {
    echo "skipped: $1 ($reason)"
    if [ "${CI:-}" = true ]; then
        echo "CI=true: that is a failure" >&2
        exit 1
    fi
}

# built_java FOLDER CLASS: builds the Maven project in a folder, when it is not built yet, and gives in `java_command` what runs
# its class. Two threads and 2 GB are enough; the simple compiler and collector are the fastest for runs this short.
java_command=()
built_java() {
    local folder=$1 class=$2 built=$3 stamp
    provide mvn maven && provide javac default-jdk-headless || return 1
    stamp=$(cd "$folder" && find . -type f -not -name '*.md' | LC_ALL=C sort | xargs cksum | cksum)
    if [ "$stamp" != "$(cat "$built/stamp" 2>/dev/null)" ]; then
        if ! mvn --batch-mode --quiet --file "$folder/pom.xml" "-Dbuilt=$built" clean process-classes; then
            reason="it does not build, see above"
            return 1
        fi
        echo "$stamp" > "$built/stamp"
    fi
    java_command=(java -Xmx2g -XX:+UseSerialGC -XX:TieredStopAtLevel=1
        -classpath "$built/classes:$(cat "$built/classpath")" "$class")
}
