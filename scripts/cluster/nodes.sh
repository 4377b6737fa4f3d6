# Sourced by kafka.sh and opensearch-nodes.sh, whose nodes have $data/N for their data and $data/N.pid for their process: how one
# of them ends, and a small disk for one, which tests fill.
#
# SMALL_DISK=N gives node N a disk of its own: a file system in memory, for which one must be root.

# The process of a node, if it is still that: its arguments name $data/N, or a file beside it.
pid_of() { # node
    local pid
    pid=$(cat "$data/$1.pid" 2>/dev/null) || return 0
    case $(ps -p "$pid" -o args= 2>/dev/null) in
    *"$data/$1"[\ .]*) echo "$pid" ;;
    esac
}

# Waits so many quarters of a second; what has not ended by then is killed.
end_node() { # node, signal, quarters of a second
    local pid
    pid=$(pid_of "$1")
    [ -n "$pid" ] || return 0
    kill "-$2" "$pid" 2>/dev/null || true
    for _ in $(seq "$3"); do
        kill -0 "$pid" 2>/dev/null || return 0
        sleep 0.25
    done
    kill -9 "$pid" 2>/dev/null || true
}

disk_of() { # node, folder
    [ "${SMALL_DISK:-}" = "$1" ] || return 0
    mkdir -p "$2"
    mount -t tmpfs -o size=512m groundswell-test "$2" || { echo "SMALL_DISK: no file system can be mounted here" >&2; return 1; }
}

# Every byte of it, until `free_disk`.
fill_disk() { # folder
    mountpoint -q "$1" || { echo "$1 has no disk of its own: start with SMALL_DISK" >&2; return 1; }
    cat /dev/zero >"$1/filler" 2>/dev/null || true
    df -h "$1" | tail -n 1 >&2
}

free_disk() { # folder
    rm -f "$1/filler"
}

drop_disk() { # folder
    if mountpoint -q "$1"; then umount "$1" || umount -l "$1"; fi
}
