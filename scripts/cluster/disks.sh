# Sourced by kafka.sh and opensearch-nodes.sh: a small disk for one node, which tests fill.
#
# SMALL_DISK=N gives node N a disk of its own: a file system in memory, for which one must be root.

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
